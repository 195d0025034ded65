import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { run } from '../agent/namespace.ts';
import { type Client, startClient } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { countedPackets } from './bed/counter.ts';
import { example } from './bed/example.ts';
import { install, type Installation, nodeOf, untilReady } from './bed/installation.ts';
import { NETWORKS } from './bed/multus.ts';
import { createSandbox, type Sandbox } from './bed/node.ts';
import { describeDatapath } from './bed/requirements.ts';
import { lost, startEchoServer, startTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';
import { arp, BROADCAST, discovery, type Frame, multicastMAC, packet, send, solicitedNode } from './frames.ts';

const [GATEWAY, GATEWAY6] = ['192.168.50.1', 'fd00:50::1'];
const FIXED = ['192.168.50.200', 'fd00:50::200'];
const ALL_NODES = 'ff02::1';
/** The port that forged datagrams go to. */
const FORGED = 7777;

interface Scene extends Installation {
  /** One on each node. The router is on the second. */
  readonly victims: readonly [Client, Client];
  readonly router: Identity;
}

interface Identity {
  readonly mac: string;
  readonly addresses: readonly string[];
}

function macOf(namespace: string): string {
  return run(namespace, 'cat /sys/class/net/net1/address').trim();
}

function identityOf({ namespace, networkAddresses }: Client): Identity {
  return { mac: macOf(namespace), addresses: networkAddresses };
}

async function prepare(cluster: Cluster): Promise<Scene> {
  await startEchoServer(cluster.underlay.internet);
  const clients = [{ names: ['client'] }, { names: ['mail'], addresses: FIXED }];
  const source = example('multi-node', { subnets: ['192.168.50.0/24', 'fd00:50::/64'], clients });
  const installation = install(cluster, source, 2);
  await untilReady([...installation.agents, ...installation.routers]);
  const victims: [Client, Client] = [startClient(installation, 1), startClient(installation, 2)];
  for (const { namespace } of victims) {
    await startEchoServer(namespace);
    run(
      namespace,
      `nft 'add table inet seen; add chain inet seen forged { type filter hook prerouting priority raw; }
        add rule inet seen forged udp dport ${FORGED} counter'`,
    );
  }
  const router = { mac: macOf(installation.routers[0]?.namespace ?? ''), addresses: [GATEWAY, GATEWAY6] };
  return { ...installation, victims, router };
}

/** A pod of another namespace that asks for an attachment of ours. */
function startAttacker({ cluster, manifests }: Installation, node: number, network: object): Sandbox | undefined {
  try {
    const attacker = createSandbox(nodeOf(cluster, node), {
      name: 'attacker',
      kubernetesNamespace: 'other',
      annotations: { [NETWORKS]: JSON.stringify([{ namespace: 'egress', ...network }]) },
      definitions: manifests.definitions,
    });
    // What reaches it and is for others. A pod whose interface has been left down may have it up, too.
    run(
      attacker.namespace,
      `nft 'add table inet seen; add chain inet seen stolen { type filter hook prerouting priority raw; }
        add rule inet seen stolen iifname net1 ip daddr { ${INTERNET.IPv4}, 192.168.50.0/24 } counter
        add rule inet seen stolen iifname net1 ip6 daddr { ${INTERNET.IPv6}, fd00:50::/64 } counter'
      ip link set net1 up`,
    );
    return attacker;
  } catch {
    return undefined;
  }
}

/** What the victims see while something happens: exchanges lost, and forged datagrams. */
async function damage({ victims }: Scene, happen: () => Promise<void>): Promise<{ lost: number; forged: number }> {
  const [first, second] = victims;
  const outside = [INTERNET.IPv4, INTERNET.IPv6];
  const traffic = await Promise.all([
    startTraffic(first.namespace, [...outside, ...second.networkAddresses]),
    startTraffic(second.namespace, [...outside, ...first.networkAddresses]),
  ]);
  await setTimeout(500);
  await happen();
  await setTimeout(1000);
  const reports = (await Promise.all(traffic.map(({ stop }) => stop()))).flat();
  return {
    lost: reports.reduce((sum, { udp, tcp }) => sum + lost(udp) + lost(tcp), 0),
    forged: victims.reduce((sum, { namespace }) => sum + countedPackets(run(namespace, 'nft list table inet seen')), 0),
  };
}

/** How many packets for others, and for what is outside, have come to an attacker. */
function stolen({ namespace }: Sandbox): number {
  return countedPackets(run(namespace, 'nft list table inet seen'));
}

/** What a pod without privileges can ask for. */
const REQUESTS: readonly [string, (scene: Scene) => object][] = [
  ["the router's MAC address, from the pool", ({ router: { mac } }) => ({ name: 'vpn', 'cni-args': { mac } })],
  [
    "the router's MAC address in other letters",
    ({ router: { mac } }) => ({ name: 'vpn', 'cni-args': { mAc: mac.toUpperCase() } }),
  ],
  [
    "another client's MAC address, from the pool",
    ({ victims }) => ({ name: 'vpn', 'cni-args': { mac: macOf(victims[0].namespace) } }),
  ],
  [
    "the MAC address of a client of the router's node",
    ({ victims }) => ({ name: 'vpn', 'cni-args': { mac: macOf(victims[1].namespace) } }),
  ],
  ["the router's attachment", () => ({ name: 'vpn-router-0' })],
  [
    "the router's attachment and its MAC address",
    ({ router: { mac } }) => ({ name: 'vpn-router-0', 'cni-args': { mac } }),
  ],
  [
    'fixed addresses, those of the internet with them, and the MAC address of the router',
    ({ router: { mac }, manifests }) => ({
      name: manifests.definitions.find(({ metadata }) => /^vpn-[0-9a-z]{6}$/.test(metadata.name))?.metadata.name,
      'cni-args': { mac, ips: [`${INTERNET.IPv4}/32`, `${INTERNET.IPv6}/128`] },
    }),
  ],
];

/** What a pod with NET_RAW sends to a victim, or to all, in the name of another. */
function forgeries(own: Identity, other: Identity, victim: Identity): readonly Frame[] {
  const [IPv4 = '', IPv6 = ''] = other.addresses;
  const [victim4 = '', victim6 = ''] = victim.addresses;
  const udp = Buffer.from([0x1f, 0x90, FORGED >> 8, FORGED & 255, 0, 8, 0, 0]);
  return [
    // Its MAC address in the sender's place: whatever is inside, bridges learn from it.
    packet(other.mac, BROADCAST, [IPv4, victim4], { payload: udp }),
    packet(other.mac, victim.mac, [INTERNET.IPv4, victim4], { payload: udp }),
    packet(own.mac, victim.mac, [INTERNET.IPv4, victim4], { payload: udp }),
    packet(own.mac, victim.mac, [IPv4, victim4], { payload: udp }),
    arp(own.mac, victim.mac, { operation: 'reply', sender: IPv4, target: victim4 }),
    arp(own.mac, BROADCAST, { operation: 'request', sender: IPv4, target: IPv4 }),
    arp(own.mac, BROADCAST, { operation: 'request', sender: IPv4, target: IPv4, hardware: 6 }),
    arp(other.mac, BROADCAST, { operation: 'request', sender: IPv4, target: IPv4 }),
    ...[own.mac, other.mac].flatMap((mac) => [
      discovery(mac, multicastMAC(ALL_NODES), {
        type: 'Advertisement',
        source: IPv6,
        destination: ALL_NODES,
        target: IPv6,
      }),
      discovery(mac, victim.mac, { type: 'Advertisement', source: IPv6, destination: victim6, target: IPv6 }),
      discovery(mac, victim.mac, {
        type: 'Advertisement',
        source: own.addresses[1] ?? '',
        destination: victim6,
        target: IPv6,
      }),
      discovery(mac, victim.mac, {
        type: 'Advertisement',
        source: own.addresses[1] ?? '',
        destination: victim6,
        target: IPv6,
        behindOptions: true,
      }),
      discovery(mac, multicastMAC(solicitedNode(victim6)), {
        type: 'Solicitation',
        source: IPv6,
        destination: solicitedNode(victim6),
        target: victim6,
      }),
      discovery(mac, multicastMAC(ALL_NODES), {
        type: 'RouterAdvertisement',
        source: 'fe80::1',
        destination: ALL_NODES,
      }),
    ]),
  ];
}

describeDatapath('nobody takes an identity', () => {
  it.each(REQUESTS)('by asking for %s', async (_, request) => {
    using cluster = createCluster();
    const scene = await prepare(cluster);
    const attackers: Sandbox[] = [];
    const seen = await damage(scene, async () => {
      for (const node of [1, 2]) {
        const attacker = startAttacker(scene, node, request(scene));
        if (attacker) attackers.push(attacker);
        await setTimeout(500);
      }
    });
    expect({ ...seen, stolen: attackers.map(stolen) }).toEqual({
      lost: 0,
      forged: 0,
      stolen: attackers.map(() => 0),
    });
    expect(scene.agents.map((agent) => agent.probe().output).join('\n')).toMatch(/closed: .*other\/attacker/);
  });

  it.each([1, 2])('by what it sends, with NET_RAW, from node %i', async (node) => {
    using cluster = createCluster();
    const scene = await prepare(cluster);
    const attacker = startClient(scene, node);
    await startEchoServer(attacker.namespace);
    const own = identityOf(attacker);
    const [first, second] = scene.victims.map(identityOf) as [Identity, Identity];
    const frames = [
      ...forgeries(own, scene.router, first),
      ...forgeries(own, scene.router, second),
      ...forgeries(own, second, first),
      ...forgeries(own, first, second),
    ];
    const seen = await damage(scene, async () => {
      for (let round = 0; round < 20; round++) {
        send(attacker.namespace, frames);
        await setTimeout(50);
      }
    });
    expect(seen).toEqual({ lost: 0, forged: 0 });
    // What is its own it may say.
    for (const address of [INTERNET.IPv4, INTERNET.IPv6]) {
      expect(run(attacker.namespace, `ping -n -c 3 -i 0.2 -W 1 ${address}`)).toContain(' 0% packet loss');
    }
  });
});
