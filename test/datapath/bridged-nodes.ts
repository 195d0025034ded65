import { execFileSync } from 'node:child_process';
import { vi } from 'vitest';
import type { NetworkPlan } from '../../fn/plan/network-plan.ts';
import { nodeRules } from '../../fn/render/node-rules.ts';
import { createNamespace, join, type Namespace, run } from '../agent/namespace.ts';
import { planOf } from '../plan/network.ts';
import { arp, BROADCAST, type Frame, send } from './frames.ts';

/** A pod on a bridge; it counts the frames that reach its `net1`, whatever is in them, by their senders. */
export interface Pod {
  readonly name: string;
  readonly namespace: Namespace;
  readonly mac: string;
  readonly addresses: readonly [string, string];
  readonly linkLocal: string;
}

/**
 * Two nodes with a network as their agents make it: the router and the clients `a` and `b` on the
 * first, the client `c` on the
 * second. The first has another bridge besides, whose pods `x` and `y` have addresses of the network, too.
 */
export interface Nodes {
  readonly plan: NetworkPlan;
  readonly first: Namespace;
  readonly second: Namespace;
  readonly router: Pod;
  readonly a: Pod;
  readonly b: Pod;
  readonly c: Pod;
  readonly x: Pod;
  readonly y: Pod;
}

const NETWORK = {
  subnets: ['192.168.50.0/24', 'fd00:50::/64'],
  overlay: { vni: 1000 },
  interfaces: { bridge: 'gwvpn', vxlan: 'gwvx' },
};

/** What the kernel of a pod says by itself would be counted, too. */
const QUIET = 'icmpv6 type { mld2-listener-report, nd-router-solicit } drop';

/** Makes two nodes; a spec that is given changes that of the network. */
export function createNodes(spec: Readonly<Record<string, unknown>> = {}): Nodes {
  const plan = planOf(JSON.stringify({ ...NETWORK, ...spec }));
  const [first, second] = [createNamespace(), createNamespace()];
  join(first, 'eth0', second, 'eth0');
  createNode(plan, first, '172.18.0.1', '172.18.0.2');
  createNode(plan, second, '172.18.0.2', '172.18.0.1');
  run(first, 'ip link add other type bridge mcast_snooping 0 && ip link set other up');
  const client = (name: string, node: Namespace, host: number, bridge = plan.bridge) =>
    createPod(node, bridge, name, `02:00:00:00:00:${host}`, host, bridge === plan.bridge ? plan.portGroup : 0);
  const [gateway] = plan.routers;
  const nodes = {
    plan,
    first,
    second,
    router: createPod(first, plan.bridge, 'router', gateway?.mac ?? '', 1, plan.portGroup),
    a: client('a', first, 20),
    b: client('b', first, 21),
    c: client('c', second, 22),
    x: client('x', first, 23, 'other'),
    y: client('y', first, 24, 'other'),
  };
  const senders = podsOf(nodes).map(({ mac, name }) => `ether saddr ${mac} counter name ${name}`);
  for (const { namespace } of podsOf(nodes)) {
    const counters = podsOf(nodes).map(({ name }) => `counter ${name} { }`);
    const chain = 'chain ingress { type filter hook ingress device "net1" priority 0;';
    load(namespace, `table netdev seen {\n${[...counters, chain, ...senders].join('\n')}\n}\n}\n`);
  }
  return nodes;
}

function podsOf({ router, a, b, c, x, y }: Nodes): readonly Pod[] {
  return [router, a, b, c, x, y];
}

function createNode(
  { bridge, overlay, portGroup, ...plan }: NetworkPlan,
  node: Namespace,
  own: string,
  peer: string,
): void {
  if (overlay.type !== 'VXLAN') throw new Error('the network has no overlay');
  const { device, vni, port } = overlay;
  run(
    node,
    `ip addr add ${own}/24 dev eth0
      ip link add ${bridge} mtu ${plan.mtu} type bridge mcast_snooping 0 && ip link set ${bridge} addrgenmode none && ip link set ${bridge} up
      ip link add ${device} mtu ${plan.mtu} type vxlan id ${vni} dstport ${port} dev eth0 local ${own} remote ${peer}
      ip link set ${device} master ${bridge} group ${portGroup} addrgenmode none && ip link set ${device} up`,
  );
  load(node, nodeRules({ bridge, overlay, portGroup, ...plan }));
}

function createPod(node: Namespace, bridge: string, name: string, mac: string, host: number, group: number): Pod {
  const namespace = createNamespace();
  load(namespace, `table ip6 quiet {\nchain output { type filter hook output priority 0; ${QUIET}\n}\n}\n`);
  const port = `veth-${name}`;
  join(node, port, namespace, 'net1');
  run(node, `ip link set ${port} group ${group} && ip link set ${port} master ${bridge}`);
  const addresses = [`192.168.50.${host}`, `fd00:50::${host}`] as const;
  const linkLocal = `fe80::${host}`;
  run(
    namespace,
    `ip link set net1 address ${mac} mtu 1450 addrgenmode none && ip addr flush dev net1
      ip addr add ${addresses[0]}/24 dev net1 && ip addr add ${addresses[1]}/64 dev net1 nodad && ip addr add ${linkLocal}/64 dev net1 nodad`,
  );
  return { name, namespace, mac, addresses, linkLocal };
}

function load(namespace: Namespace, rules: string): void {
  execFileSync('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], { input: rules, stdio: 'pipe' });
}

/**
 * Sends a frame and tells whom it reached. A question for the router, which passes everywhere, is
 * sent after it: once that has
 * arrived at a pod, the frame has, too, or never will.
 */
export async function reached(nodes: Nodes, sender: Pod, frame: Frame): Promise<readonly string[]> {
  const others = podsOf(nodes).filter(({ name }) => name !== sender.name && isOther(name) === isOther(sender.name));
  for (const pod of others) arrivals(pod, sender);
  const counts = others.map(() => 0);
  const [gateway] = nodes.router.addresses;
  const last = arp(sender.mac, BROADCAST, { operation: 'request', sender: sender.addresses[0], target: gateway });
  send(sender.namespace, [frame, last]);
  const isOver = () => {
    for (const [index, pod] of others.entries()) counts[index] = (counts[index] ?? 0) + arrivals(pod, sender);
    return counts.every((count) => count > 0);
  };
  await vi.waitUntil(isOver, { timeout: 5000, interval: 5 });
  return others.filter((_, index) => (counts[index] ?? 0) > 1).map(({ name }) => name);
}

/** Whether a frame by which one pod passes for another arrives at a third. */
export async function isBelieved(nodes: Nodes, sender: Pod, victim: Pod, as: Pod, frame: Frame): Promise<boolean> {
  arrivals(victim, as);
  arrivals(victim, sender);
  const [gateway] = nodes.router.addresses;
  const last = arp(sender.mac, BROADCAST, { operation: 'request', sender: sender.addresses[0], target: gateway });
  send(sender.namespace, [frame, last]);
  await vi.waitUntil(() => arrivals(victim, sender) > 0, { timeout: 5000, interval: 5 });
  return arrivals(victim, as) > 0;
}

function isOther(name: string): boolean {
  return name === 'x' || name === 'y';
}

/** How many frames of another pod have reached one since this was last asked. */
function arrivals({ namespace }: Pod, sender: Pod): number {
  return Number(/packets (\d+)/.exec(run(namespace, `exec nft reset counter netdev seen ${sender.name}`))?.[1]);
}

/** How many frames a node has dropped, by the reason that the comments of the rules give. */
export function dropped({ plan }: Nodes, node: Namespace): Readonly<Record<string, number>> {
  const rules = run(node, `nft list table bridge ${plan.names.nodeTable}`);
  const counts = rules.matchAll(/counter packets (\d+) bytes \d+ drop comment "([^"]+)"/g);
  const sums: Record<string, number> = {};
  for (const [, count, reason = ''] of counts) sums[reason] = (sums[reason] ?? 0) + Number(count);
  return sums;
}
