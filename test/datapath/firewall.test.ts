import { expect, it } from 'vitest';
import { type Namespace, run } from '../agent/namespace.ts';
import { type Client, startClient } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { countIncoming } from './bed/counter.ts';
import { example } from './bed/example.ts';
import { answered, type Flow, listen } from './bed/flow.ts';
import { install, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { INTERNET } from './bed/underlay.ts';
import { createVlan, VLAN } from './bed/vlan.ts';

const WAYS = ['Network', 'ClusterNetwork'] as const;
const PORTS = [80, 443, 7999, 8000, 8999, 9000];

interface Scene {
  readonly client: Client;
  /** What is outside, and its first and its second address of each family. */
  readonly outside: Namespace;
  readonly addresses: readonly [string, string];
  readonly others: readonly [string, string];
}

type Way = (typeof WAYS)[number];

/** A network with some lists, by way of its pod's primary network or of a VLAN. */
async function prepare(cluster: Cluster, way: Way, firewall: unknown): Promise<Scene> {
  const vlan = way === 'Network' ? createVlan(cluster) : undefined;
  const outside = vlan?.server ?? cluster.underlay.internet;
  const { IPv4, IPv6 } = vlan ? VLAN.server : INTERNET;
  const others = [IPv4.replace(/\d+$/, '20'), IPv6.replace(/[^:]+$/, '20')] as const;
  run(outside, `ip addr add ${others[0]}/24 dev eth0 && ip addr add ${others[1]}/64 dev eth0 nodad`);
  await listen(outside, [IPv4, IPv6, ...others], PORTS);
  const source = vlan
    ? example('untrusted-vlan', { 'gateway.firewall': firewall }).replaceAll('eth1.99', 'eth1')
    : example('dual-stack', { 'overlay.underlay': undefined, 'gateway.firewall': firewall });
  const installation = install(cluster, source, 2);
  await untilReady([...installation.agents, ...installation.routers]);
  return { client: startClient(installation, 1), outside, addresses: [IPv4, IPv6], others };
}

/** The flows to some addresses: each port over TCP and UDP, and echo requests. */
function flowsTo(addresses: readonly string[], ports: readonly number[] = PORTS): readonly Flow[] {
  return addresses.flatMap((address) => [
    ...ports.flatMap((port) => [`tcp,${address},${port}`, `udp,${address},${port}`]),
    `icmp,${address}`,
  ]);
}

/** Counts what reaches the outside from now on of flows that must not. */
function counted({ outside }: Scene, matches: readonly string[]): () => number {
  return countIncoming(outside, 'eth0', { matches });
}

describeDatapath('firewall lists', () => {
  it.each(WAYS)('let all out that is not denied, where nothing is allowed, by %s', async (way) => {
    using cluster = createCluster();
    const vlan = way === 'Network' ? VLAN.server : INTERNET;
    const others = [`${vlan.IPv4.replace(/\d+$/, '20')}/32`, `${vlan.IPv6.replace(/[^:]+$/, '20')}/128`];
    const scene = await prepare(cluster, way, {
      deny: [
        { cidrs: others },
        { protocol: 'TCP', ports: [80, '8000-8999'] },
        { cidrs: ['0.0.0.0/0'], protocol: 'ICMP' },
      ],
    });
    const [v4, v6] = scene.addresses;
    const denied = counted(scene, [
      `ip daddr ${scene.others[0]} meta l4proto { icmp, tcp, udp }`,
      `ip6 daddr ${scene.others[1]} icmpv6 type echo-request`,
      `ip6 daddr ${scene.others[1]} meta l4proto { tcp, udp }`,
      `tcp dport { 80, 8000-8999 }`,
      `icmp type echo-request`,
    ]);
    const flows = flowsTo([...scene.addresses, ...scene.others]);
    expect(await answered(scene.client.namespace, flows)).toEqual(
      flowsTo(scene.addresses).filter((flow) => !/^tcp,.*,(80|8000|8999)$/.test(flow) && flow !== `icmp,${v4}`),
    );
    expect(flows).toContain(`icmp,${v6}`);
    expect(denied()).toBe(0);
  });

  it.each(WAYS)('let nothing out but what is allowed and not denied, by %s', async (way) => {
    using cluster = createCluster();
    const vlan = way === 'Network' ? VLAN.server : INTERNET;
    const scene = await prepare(cluster, way, {
      allow: [
        { protocol: 'TCP', ports: [80, 443, '8000-8999'] },
        { cidrs: [`${vlan.IPv6}/128`], protocol: 'UDP', ports: [443] },
        { cidrs: [`${vlan.IPv4}/32`], protocol: 'ICMP' },
      ],
      deny: [{ protocol: 'TCP', ports: [80] }],
    });
    const [v4, v6] = scene.addresses;
    const denied = counted(scene, [
      'tcp dport { 80, 7999, 9000 }',
      `udp dport != 443`,
      'ip protocol udp',
      'icmpv6 type echo-request',
    ]);
    expect((await answered(scene.client.namespace, flowsTo([...scene.addresses, ...scene.others]))).toSorted()).toEqual(
      [
        ...[v4, v6, ...scene.others].flatMap((address) => [443, 8000, 8999].map((port) => `tcp,${address},${port}`)),
        `udp,${v6},443`,
        `icmp,${v4}`,
      ].toSorted(),
    );
    expect(denied()).toBe(0);
  });
});
