import { configMap, type Planted, replaced, without } from './cluster-objects.ts';
import { cilium, CRITICAL, type Distribution, DISTRIBUTIONS } from './distributions.ts';
import { rendered } from './facts.ts';
import { multus } from './healthy.ts';

/** A platform that has a page in docs/platforms. */
export interface Platform {
  /** Set up as its documentation and that page say. */
  readonly documented: Distribution;
  /** What is another when nobody has set what the page says, and what is not there. */
  readonly put?: readonly Planted[];
  readonly remove?: readonly string[];
  /** What is applied to it then; examples/multi-node unless given. */
  readonly network?: readonly Planted[];
}

const CALICO_POOL: Planted = {
  apiVersion: 'crd.projectcalico.org/v1',
  kind: 'IPPool',
  metadata: { name: 'default-ipv4-ippool' },
  spec: { cidr: '192.168.0.0/16', vxlanMode: 'CrossSubnet' },
};

export const PLATFORMS: Readonly<Record<string, Platform>> = {
  calico: { documented: distribution('kubeadm with the thick Multus and Calico'), put: [CALICO_POOL] },
  cilium: { documented: distribution('kubeadm with Cilium'), put: cilium({ 'cni-exclusive': 'true' }) },
  eks: { documented: distribution('EKS with the CNI of Amazon') },
  flannel: { documented: distribution('kubeadm with flannel') },
  gke: {
    documented: distribution('GKE with Cilium, as its Dataplane V2 has it'),
    remove: ['ResourceQuota critical-pods'],
    network: rendered('multi-node', CRITICAL),
  },
  k3s: { documented: distribution('k3s'), put: multus('thin') },
  kindnet: { documented: distribution('kind, with kindnet') },
  microk8s: { documented: distribution('MicroK8s with Calico'), put: multus('thin') },
  openshift: {
    documented: distribution('OpenShift'),
    remove: ['RoleBinding system:openshift:scc:privileged'],
    put: [
      configMap('cni-sysctl-allowlist', { 'allowlist.conf': '^net.ipv4.conf.IFNAME.arp_notify$' }, 'openshift-multus'),
    ],
  },
  talos: { documented: distribution('Talos with flannel'), put: multus('thick') },
};

/** The objects of a platform before anything was set for networks. */
export function asItComes({ documented, put = [], remove = [] }: Platform): readonly Planted[] {
  return replaced(without(documented.objects, ...remove), ...put);
}

function distribution(name: string): Distribution {
  const found = DISTRIBUTIONS[name];
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}
