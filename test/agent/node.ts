import type { AgentConfig, Overlay } from '../../fn/node/config/agent-config.ts';
import { createNamespace, join, type Namespace, run, tryRun } from './namespace.ts';
import { createProgram, type Program, writeConfig } from './program.ts';

/** A network with an overlay. */
export const CONFIG = {
  version: 1,
  network: 'egress/vpn',
  bridge: 'gwvpn',
  portGroup: 10000007,
  mtu: 1450,
  overlay: { device: 'gwvpn-vx', vni: 1000, port: 4799, family: 'IPv4', flooding: { type: 'Listed' } },
  peers: ['172.18.0.11', '172.18.0.12', '172.18.0.13'],
  iptablesLegacy: 'Report',
} as const satisfies AgentConfig;

/** Values of the configuration that differ; `undefined` leaves one out. */
export type Values = { readonly [K in keyof AgentConfig]?: AgentConfig[K] | undefined };

/** The overlay of {@link CONFIG}, in which some values differ. */
export function overlay(values: Partial<Overlay>): { readonly overlay: Overlay } {
  return { overlay: { ...CONFIG.overlay, ...values } };
}

/** The text of the configuration, in which some values differ. */
export function configText(values: Values = {}): string {
  return JSON.stringify({ ...CONFIG, ...values });
}

/** The rules of that network. */
export const RULES = `add table inet gwn_vpn
delete table inet gwn_vpn
table inet gwn_vpn {
	chain prerouting {
		type filter hook prerouting priority raw; policy accept;
		iifname "gwvpn" notrack comment "exempt from SNAT of the CNI and from kube-proxy"
	}
	chain input {
		type filter hook input priority filter - 10; policy accept;
		iifname "gwvpn" counter drop comment "to-node"
	}
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		iifname "gwvpn" oifname != "gwvpn" counter drop comment "out-through-node"
		iifname != "gwvpn" oifname "gwvpn" counter drop comment "in-through-node"
	}
}
add table arp gwn_vpn
delete table arp gwn_vpn
table arp gwn_vpn {
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "gwvpn" counter drop comment "arp-to-node"
	}
}
add table bridge gwn_vpn
delete table bridge gwn_vpn
table bridge gwn_vpn {
	chain forward {
		type filter hook forward priority filter; policy accept;
		iifgroup 10000007 icmpv6 type nd-router-advert counter drop comment "router-advertisement"
	}
}
`;

/**
 * Makes the node 172.18.0.`host` and fd00:18::`host` with the values of {@link CONFIG}, changed
 * by those given. The other end
 * of its `eth0` is `fabric` in the same namespace.
 */
export function createNode(
  values: Values = {},
  host = 11,
  environment: Readonly<Record<string, string>> = {},
): Program {
  const namespace = createNamespace();
  run(
    namespace,
    `ip link add eth0 type veth peer name fabric && ip link set fabric up && ip link set eth0 up &&
      ip addr add 172.18.0.${host}/24 dev eth0 && ip addr add fd00:18::${host}/64 dev eth0 nodad`,
  );
  const environmentOfNode = {
    HOST_IP: `172.18.0.${host}`,
    POD_NAME: 'agent-a',
    POD_NAMESPACE: 'egress',
    ...environment,
  };
  const node = createProgram({ namespace, script: 'node-agent', environment: environmentOfNode });
  writeConfig(node, 'config.json', configText(values));
  writeConfig(node, 'rules.nft', RULES);
  return node;
}

/** The next agent on a node, in a pod of its own and with the same configuration, except for the values that differ. */
export function createSuccessor(node: Program, pod: string, values: Values = {}, rules = RULES): Program {
  const environment = { ...node.environment, POD_NAME: pod };
  const next = createProgram({ ...node, environment });
  writeConfig(next, 'config.json', configText(values));
  writeConfig(next, 'rules.nft', rules);
  return next;
}

/** Attaches a pod with an address to the node's bridge, as the bridge CNI plugin does. */
export function attachPod({ namespace }: Program, address: string, bridge = 'gwvpn', mtu = 1450): Namespace {
  const pod = createNamespace();
  const port = `veth${pod.split('-')[2]}`;
  join(namespace, port, pod, 'net1');
  run(namespace, `ip link set ${port} mtu ${mtu} master ${bridge}`);
  run(pod, `ip link set net1 mtu ${mtu} && ip addr add ${address} dev net1`);
  return pod;
}

/**
 * One link in full, or `absent`, without what differs from one link of the same kind to another, or
 * from one moment to the next.
 */
export function link({ namespace }: Program, name: string): string {
  const text = tryRun(namespace, `ip -d -o link show dev ${name}`) ?? 'absent';
  return text
    .replace(/^\d+: /, '')
    .replaceAll(/ 8000\.\S+/g, ' ID')
    .replaceAll(/\b([\da-f]{2}:){5}[\da-f]{2}\b/g, 'MAC')
    .replaceAll(/_timer +[\d.]+/g, '_timer')
    .replace(/ state (UP|UNKNOWN)\b/, ' state UP')
    .replaceAll(/ +/g, ' ');
}

/** The peers that the kernel floods to, in its order. */
export function peers({ namespace }: Program): string[] {
  const entries = tryRun(namespace, 'bridge fdb show dev gwvpn-vx') ?? '';
  return [...entries.matchAll(/^00:00:00:00:00:00 dst (\S+)/gm)].map((entry) => entry[1] ?? '');
}

/** The packet filter rules of a node, in an order of their own: a table that is loaded again comes last. */
export function ruleSet({ namespace }: Program): string {
  const tables = run(namespace, 'nft -s list ruleset').split(/^(?=table )/m);
  return tables
    .map((table) => table.trimEnd())
    .toSorted()
    .join('\n');
}

/** Everything that the agent answers for, as text to compare. */
export function datapath(node: Program): string {
  const addresses = tryRun(node.namespace, 'ip -o addr show dev gwvpn; ip -o addr show dev gwvpn-vx');
  return [link(node, 'gwvpn'), link(node, 'gwvpn-vx'), addresses, ...peers(node).toSorted(), ruleSet(node)].join('\n');
}
