import { FLANNEL } from './healthy.ts';
import { CRITICAL } from './distributions.ts';
import type { Fault } from './fault.ts';

/** Faults that depend on the release of the API server, or on what it serves. */
export const FAULTS_OF_RELEASES: readonly (Fault & { readonly version: string })[] = [
  {
    title: 'Kubernetes is too old',
    version: 'v1.29.15',
    says: 'error kubernetes: Kubernetes v1.29.15 is older than 1.30',
  },
  {
    title: 'k3s, with the usual folders',
    version: 'v1.34.2+k3s1',
    remove: FLANNEL.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    says: 'error multus-folders: k3s reads configurations in /var/lib/rancher/k3s/agent/etc/cni/net.d, which the DaemonSet kube-system/kube-multus-ds does not mount; it mounts /etc/cni/net.d, /opt/cni/bin',
  },
  {
    title: 'GKE, and no quota for the classes of the system',
    version: 'v1.33.5-gke.1308000',
    fields: { 'gateway.priorityClassName': CRITICAL['gateway.priorityClassName'], 'overlay.underlay.mtu': 1460 },
    says: 'error priority-classes: egress/vpn: pods of egress would have the class system-cluster-critical, and no ResourceQuota there names it, without which GKE refuses them',
  },
  {
    title: 'GKE, and the usual MTU',
    version: 'v1.33.5-gke.1308000',
    says: 'warning mtu: egress/vpn: nodes must have the MTU 1500, and those of Google Cloud have 1460 unless their network was given another',
  },
];
