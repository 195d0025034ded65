import type {
  CoreV1Event,
  V1ConfigMap,
  V1DaemonSet,
  V1Node,
  V1Pod,
  V1ResourceQuota,
  V1RoleBinding,
  V1Service,
} from '@kubernetes/client-node';
import type { Named } from './observation.ts';

/** What a question to the API server has brought: objects, or why they cannot be seen, in one sentence. */
export type Seen<T> =
  | {
      readonly items: readonly T[];
      /** Whether there are more, which were not asked for. */
      readonly isCut?: boolean;
    }
  | { readonly unseen: string };

/** An object of any kind, with its kind. */
export interface Manifest extends Named {
  readonly apiVersion?: string;
  readonly kind?: string;
}

/** An object of whose `spec` only a part is known here. */
export interface Custom<Spec> extends Named {
  readonly spec?: Spec;
}

/** A Secret, without its values. */
export interface SecretKeys {
  readonly namespace: string;
  readonly name: string;
  readonly keys: readonly string[];
}

/** What a cluster is made of, as far as whoever asks may see it. */
export interface Facts {
  /** The address of the API server. */
  readonly server: string;
  /** The release of Kubernetes, such as `v1.37.2`. */
  readonly version: string;
  readonly nodes: Seen<V1Node>;
  readonly namespaces: Seen<Named>;
  /** CustomResourceDefinitions, by their metadata alone. */
  readonly customKinds: Seen<Named>;
  /** The names of the resources of admissionregistration.k8s.io/v1. */
  readonly admissionKinds: Seen<string>;
  readonly daemonSets: Seen<V1DaemonSet>;
  /** Those that configure what is known of: CNIs, Multus, whereabouts, CoreDNS, kubeadm. */
  readonly configMaps: Seen<V1ConfigMap>;
  /** Pods that run and are not on the host's network; not all of them in a large cluster. */
  readonly pods: Seen<V1Pod>;
  /** Those that the API server was asked for in the second place. */
  readonly daemonPods: Seen<V1Pod>;
  /** Pods that could not be made. */
  readonly failures: Seen<CoreV1Event>;
  readonly services: Seen<V1Service>;
  readonly serviceCidrs: Seen<Custom<{ readonly cidrs?: readonly string[] }>>;
  readonly priorityClasses: Seen<Named>;
  readonly quotas: Seen<V1ResourceQuota>;
  readonly roleBindings: Seen<V1RoleBinding>;
  readonly cronJobs: Seen<Custom<{ readonly schedule?: string }>>;
  /** Of Calico. */
  readonly ipPools: Seen<Custom<{ readonly cidr?: string; readonly vxlanMode?: string; readonly disabled?: boolean }>>;
  readonly felix: Seen<Custom<{ readonly vxlanPort?: number; readonly vxlanVNI?: number }>>;
  /** Of OpenShift, `networks.config.openshift.io`. */
  readonly openShiftNetworks: Seen<
    Custom<{
      readonly clusterNetwork?: readonly { readonly cidr?: string }[];
      readonly serviceNetwork?: readonly string[];
    }>
  >;
  readonly secrets: readonly (SecretKeys | Unreadable)[];
  /** The objects of gateway networks, of every kind that is looked at. */
  readonly installed: Seen<Manifest>;
}

/** A Secret that is not there, or cannot be seen. */
export interface Unreadable {
  readonly namespace: string;
  readonly name: string;
  /** Why it cannot be seen; nothing where it is not there. */
  readonly unseen?: string;
}

/** Which pods and Secrets are of interest, which only what was seen before can tell. */
export interface Further {
  readonly pods: readonly { readonly namespace: string; readonly labelSelector: string }[];
  readonly secrets: readonly { readonly namespace: string; readonly name: string }[];
}
