import type { V1Container, V1DaemonSet } from '@kubernetes/client-node';
import type { Facts } from '../cluster/facts.ts';
import { itemsOf } from './check.ts';
import { configMap, flannelConfig } from './config-maps.ts';
import type { Platform } from './platform.ts';

/** The CNI of the cluster's own network, as far as it is recognised. */
export interface PrimaryNetwork {
  readonly name: string;
  /** Whether it enforces NetworkPolicies, by its documentation; nothing where that is a setting that is not seen. */
  readonly enforcesPolicies: boolean | undefined;
  /** The UDP ports of its tunnels, and the VNI where there is one for all nodes. */
  readonly tunnels: readonly Tunnel[];
}

export interface Tunnel {
  readonly port: number;
  readonly vni?: number;
  /** Whether a VXLAN of another program may have the same port. */
  readonly isShared: boolean;
}

interface Sign {
  readonly name: string;
  /** A container of its DaemonSet. */
  readonly container: string;
  readonly enforcesPolicies: (container: V1Container, daemonSet: V1DaemonSet) => boolean | undefined;
  readonly tunnels: (facts: Facts) => readonly Tunnel[];
}

const always = () => true;
const never = () => false;
const noTunnels = () => [];
const GENEVE: Tunnel = { port: 6081, isShared: false };

/** A DaemonSet may have containers of two of them: the first is the one whose policies count. */
const SIGNS: readonly Sign[] = [
  { name: 'Cilium', container: 'cilium-agent', enforcesPolicies: always, tunnels: ciliumTunnels },
  { name: 'Calico', container: 'calico-node', enforcesPolicies: always, tunnels: calicoTunnels },
  { name: 'Antrea', container: 'antrea-agent', enforcesPolicies: always, tunnels: () => [GENEVE] },
  { name: 'OVN-Kubernetes', container: 'ovnkube-controller', enforcesPolicies: always, tunnels: () => [GENEVE] },
  { name: 'OVN-Kubernetes', container: 'ovnkube-node', enforcesPolicies: always, tunnels: () => [GENEVE] },
  { name: 'Kube-OVN', container: 'cni-server', enforcesPolicies: always, tunnels: () => [GENEVE] },
  { name: 'Weave Net', container: 'weave', enforcesPolicies: always, tunnels: noTunnels },
  { name: 'kube-router', container: 'kube-router', enforcesPolicies: hasFirewall, tunnels: noTunnels },
  { name: 'kindnet', container: 'kindnet-cni', enforcesPolicies: () => undefined, tunnels: noTunnels },
  { name: 'Amazon VPC CNI', container: 'aws-node', enforcesPolicies: hasAgentOfAmazon, tunnels: noTunnels },
  { name: 'flannel', container: 'kube-flannel', enforcesPolicies: never, tunnels: flannelTunnels },
];

/** The flannel that is a part of k3s, with the policies of kube-router, unless its servers were told otherwise. */
const EMBEDDED_FLANNEL: PrimaryNetwork = {
  name: 'the flannel of k3s',
  enforcesPolicies: true,
  tunnels: [{ port: 8472, vni: 1, isShared: true }],
};

export function primaryNetworkOf(facts: Facts, platform: Platform | undefined): PrimaryNetwork | undefined {
  const daemonSets = itemsOf(facts.daemonSets);
  const [found] = SIGNS.flatMap((sign) =>
    daemonSets.flatMap((daemonSet) => {
      const container = daemonSet.spec?.template.spec?.containers.find(({ name }) => name === sign.container);
      return container === undefined ? [] : [{ sign, container, daemonSet }];
    }),
  );
  if (found === undefined) return platform === 'k3s' && 'items' in facts.daemonSets ? EMBEDDED_FLANNEL : undefined;
  const { sign, container, daemonSet } = found;
  return {
    name: sign.name,
    enforcesPolicies: sign.enforcesPolicies(container, daemonSet),
    tunnels: sign.tunnels(facts),
  };
}

/** `--run-firewall`, which is on unless given (kube-router, "User Guide"). */
function hasFirewall({ command = [], args = [] }: V1Container): boolean {
  return ![...command, ...args].includes('--run-firewall=false');
}

/** Its agent for policies enforces them where it is told to (amazon-vpc-cni-k8s, README). */
function hasAgentOfAmazon(_: V1Container, { spec }: V1DaemonSet): boolean {
  const containers = spec?.template.spec?.containers ?? [];
  return containers.some(({ args = [] }) => args.includes('--enable-network-policy=true'));
}

/** Ports are 8472 for VXLAN and 6081 for Geneve, unless given (Cilium, "Routing"). */
function ciliumTunnels(facts: Facts): readonly Tunnel[] {
  const data = configMap(facts, 'cilium-config')?.data ?? {};
  if (data['routing-mode'] === 'native' || data['tunnel'] === 'disabled') return [];
  const isGeneve = [data['tunnel-protocol'], data['tunnel']].includes('geneve');
  const port = Number(data['tunnel-port'] ?? 0) || (isGeneve ? GENEVE.port : 8472);
  return [{ port, isShared: false }];
}

/** Where one of its pools uses VXLAN: 4789 and 4096, unless given (Calico, "Felix configuration"). */
function calicoTunnels(facts: Facts): readonly Tunnel[] {
  const usesVXLAN = itemsOf(facts.ipPools).some(({ spec }) => (spec?.vxlanMode ?? 'Never') !== 'Never');
  const spec = itemsOf(facts.felix).find(({ metadata }) => metadata?.name === 'default')?.spec;
  const { vxlanPort: port = 4789, vxlanVNI: vni = 4096 } = spec ?? {};
  return [...(usesVXLAN ? [{ port, vni, isShared: true }] : []), ...flannelTunnels(facts, 'canal-config')];
}

/** 8472 and 1, unless given (flannel, "Backends"). */
function flannelTunnels(facts: Facts, name = 'kube-flannel-cfg'): readonly Tunnel[] {
  const { Type: type, Port: port = 8472, VNI: vni = 1 } = flannelConfig(facts, name)?.Backend ?? {};
  return type === 'vxlan' ? [{ port, vni, isShared: true }] : [];
}
