/** Paths of what a cluster is run from. */
export interface Programs {
  readonly etcd: string;
  /** The folder with the programs of Kubernetes. */
  readonly kubernetes: string;
  /** The folder with containerd, its shim and `ctr`. */
  readonly containerd: string;
  /** The folder with Multus, whereabouts and their manifests. */
  readonly multus: string;
  readonly coreDns: string;
  /** The folders with flannel and kube-router, and their manifests. */
  readonly flannel: string;
  readonly kubeRouter: string;
  /** The folder with the CNI plugins. */
  readonly plugins: string;
  readonly kubectl: string;
  readonly busybox: string;
}
