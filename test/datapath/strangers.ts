import { setTimeout } from 'node:timers/promises';
import { formatAddress, parseAddress } from '../../fn/net/address.ts';
import { join, type Namespace, run } from '../agent/namespace.ts';
import { type Client, startClient } from './bed/client.ts';
import type { Cluster } from './bed/cluster.ts';
import { countIncoming } from './bed/counter.ts';
import { type Form, packets, startSending, udp, vxlan } from './bed/datagrams.ts';
import { example } from './bed/example.ts';
import { install, type Installation, nodeOf, untilReady } from './bed/installation.ts';
import { createNamespace } from './bed/namespace.ts';
import { createSandbox, type Node } from './bed/node.ts';
import { installServices } from './bed/primary-network.ts';
import { startEchoServer } from './bed/traffic.ts';
import { addHost } from './bed/underlay.ts';
import { arp, BROADCAST, packet } from './frames.ts';

/** A network on three nodes with a client on each; the router is on the second. */
export interface Scene extends Installation {
  readonly clients: readonly Client[];
  readonly device: string;
}

export type Family = 'IPv4' | 'IPv6';

/** Somebody who is no node of the network, and where he sends to. */
export interface Stranger {
  readonly namespace: Namespace;
  readonly addresses: { readonly IPv4: string; readonly IPv6: string };
  /** Makes the ways that lead to the nodes, and says what they are. */
  readonly targets: (family: Family) => readonly { readonly address: string; readonly port: number }[];
}

export const PORT = 4799;
export const VNI = 1000;
/** The port that the inner packets go to, so that they are known where they arrive. */
export const MARK = 9999;

export async function prepare(
  cluster: Cluster,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Scene> {
  await startEchoServer(cluster.underlay.internet);
  const installation = install(cluster, example(name, fields), 2);
  await untilReady([...installation.agents, ...installation.routers]);
  const clients = cluster.nodes.map(({ number }) => startClient(installation, number));
  const [first] = cluster.nodes;
  const device =
    /^\d+: (\S+): .*\bvxlan id 1000\b/m.exec(run(first?.namespace ?? '', 'ip -d -o link show type vxlan'))?.[1] ?? '';
  return { ...installation, clients, device };
}

/** Strangers of each kind, made on demand. */
export const STRANGERS: Readonly<Record<string, (scene: Scene) => Stranger>> = {
  'a pod on a node of the network': (scene) => pod(scene, 1),
  'a pod that sends to a Service which leads to a node': (scene) => {
    const nodes = scene.cluster.nodes.map(({ addresses }, index) => ({ addresses, service: serviceAddresses(index) }));
    for (const { namespace } of scene.cluster.nodes) {
      installServices(
        namespace,
        nodes.map(({ addresses, service }) => ({
          addresses: service,
          pods: [addresses.IPv4, addresses.IPv6],
          port: PORT,
        })),
      );
    }
    return {
      ...pod(scene, 1),
      targets: (family) => nodes.map(({ service }) => ({ address: service[family === 'IPv4' ? 0 : 1], port: PORT })),
    };
  },
  'a pod that sends with the address of a node': (scene) => ({
    ...pod(scene, 1),
    addresses: nodeOf(scene.cluster, 2).addresses,
  }),
  'a pod that sends, as its node, to ports of another node which lead to that and to a third': (scene) => {
    const [one, , third] = scene.cluster.nodes;
    if (!one || !third) throw new Error('not enough nodes');
    lead(one, 30_010, one);
    lead(one, 30_011, third);
    const targets: Stranger['targets'] = (family) =>
      [30_010, 30_011].map((port) => ({ address: one.addresses[family], port }));
    return { ...pod(scene, 2), targets };
  },
  'a host on the LAN': (scene) => lanHost(scene, 99),
  'a host on the LAN that sends to a port of a node which leads to another': (scene) => {
    const [one] = scene.cluster.nodes;
    for (const [index, node] of scene.cluster.nodes.entries()) if (one) lead(one, 30_000 + index, node);
    return {
      ...lanHost(scene, 98),
      targets: (family) =>
        scene.cluster.nodes.map((_, index) => ({ address: one?.addresses[family] ?? '', port: 30_000 + index })),
    };
  },
  'a host on the LAN that has a node for its router': (scene) => {
    const host = lanHost(scene, 97);
    const [one, ...others] = scene.cluster.nodes;
    // The node would tell him the shorter way.
    run(one?.namespace ?? '', 'sysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0');
    run(host.namespace, 'sysctl -qw net.ipv6.conf.all.accept_redirects=0 net.ipv6.conf.eth0.accept_redirects=0');
    for (const { addresses } of others)
      run(
        host.namespace,
        `ip route add ${addresses.IPv4} via ${one?.addresses.IPv4} && ip route add ${addresses.IPv6} via ${one?.addresses.IPv6}`,
      );
    return {
      ...host,
      targets: (family) => others.map(({ addresses }) => ({ address: addresses[family], port: PORT })),
    };
  },
  'a host behind a router': (scene) => {
    const addresses = { IPv4: '203.0.113.66', IPv6: '2001:db8::66' };
    const { fabric, mtu } = scene.cluster.underlay;
    return { namespace: addHost(fabric, mtu, 'mallory', addresses), addresses, targets: nodesOf(scene) };
  },
};

/** Has a port of a node lead to the VXLAN of one, as a Service of type NodePort does. */
function lead({ namespace }: Node, port: number, { addresses }: Node): void {
  const rule = (to: string) => `-t nat -A PREROUTING -i eth0 -p udp --dport ${port} -j DNAT --to-destination ${to}`;
  run(
    namespace,
    `iptables-nft ${rule(`${addresses.IPv4}:${PORT}`)} && ip6tables-nft ${rule(`[${addresses.IPv6}]:${PORT}`)}`,
  );
}

function serviceAddresses(index: number): [string, string] {
  return [`10.96.1.${index}`, `fd00:10:96::1:${index}`];
}

function nodesOf({ cluster }: Scene): Stranger['targets'] {
  return (family) => cluster.nodes.map(({ addresses }) => ({ address: addresses[family], port: PORT }));
}

function pod(scene: Scene, number: number): Stranger {
  const { namespace, addresses } = createSandbox(nodeOf(scene.cluster, number), {
    name: 'mallory',
    kubernetesNamespace: 'other',
  });
  return { namespace, addresses: { IPv4: addresses[0], IPv6: addresses[1] }, targets: nodesOf(scene) };
}

function lanHost(scene: Scene, host: number): Stranger {
  const namespace = createNamespace();
  const { fabric, mtu } = scene.cluster.underlay;
  const addresses = { IPv4: `172.18.0.${host}`, IPv6: `fd00:10:18::${host}` };
  join(fabric, `lan${host}`, namespace, 'eth0');
  run(fabric, `ip link set lan${host} mtu ${mtu} master wire`);
  run(
    namespace,
    `ip link set eth0 mtu ${mtu} && ip addr add ${addresses.IPv4}/24 dev eth0 && ip addr add ${addresses.IPv6}/64 dev eth0 nodad`,
  );
  return { namespace, addresses, targets: nodesOf(scene) };
}

/** What a stranger gets. */
export interface Loot {
  /** Packets that he has put into the network. */
  readonly in: number;
  /** VXLAN packets that nodes have sent to him. */
  readonly out: number;
  /** On how many nodes the kernel believes that the router is somewhere else than it is. */
  readonly believed: number;
}

/**
 * Has a stranger claim for a while that the router is with him, to all nodes; to be seen by those
 * who get anything of it.
 */
export async function attack(
  scene: Scene,
  stranger: Stranger,
  family: Family,
  form: Form = {},
  milliseconds = 400,
): Promise<Loot> {
  const [router] = scene.routers;
  const mac = /link\/ether (\S+)/.exec(run(router?.namespace ?? '', 'ip link show net1'))?.[1] ?? '';
  const arrived = scene.clients.map(({ namespace }) =>
    countIncoming(namespace, 'net1', { matches: [`udp dport ${MARK}`] }),
  );
  const got = countIncoming(stranger.namespace, 'eth0', {
    matches: [`udp dport ${PORT}`, 'udp sport 32768-60999 udp dport 40000'],
    // What is sent to the group, all on the nodes' network hear: routers tell each other something once a second.
    except: ['ip daddr 224.0.0.0/4'],
  });
  const frames = scene.clients.flatMap((client) => claims(client, mac)).map((frame) => vxlan(VNI, frame));
  const list = stranger
    .targets(family)
    .flatMap(({ address, port }) =>
      frames.flatMap((payload) => packets({ from: stranger.addresses[family], to: address, port, payload }, form)),
    );
  using _ = startSending(stranger.namespace, list);
  await setTimeout(milliseconds);
  const believed = misplaced(scene, mac, router?.node.addresses[family] ?? '');
  return { in: sum(arrived.map((count) => count())), out: got(), believed };
}

/** Frames of the router's MAC: a packet from outside to a client, and an announcement that all get. */
export function claims(
  { namespace, networkAddresses: [address = ''] }: Pick<Client, 'namespace' | 'networkAddresses'>,
  mac: string,
): readonly Buffer[] {
  const own = /link\/ether (\S+)/.exec(run(namespace, 'ip link show net1'))?.[1] ?? '';
  const inner = udp({ from: '198.51.100.7', to: address, port: MARK, payload: Buffer.alloc(26) });
  return [
    packet(mac, own, ['198.51.100.7', address], { payload: inner }),
    arp(mac, BROADCAST, { operation: 'request', sender: '192.168.50.1', target: '192.168.50.1' }),
  ];
}

/** On how many nodes the kernel believes a MAC address to be elsewhere than on the node with an address. */
function misplaced({ cluster, device }: Scene, mac: string, address: string): number {
  const places = cluster.nodes.flatMap(({ namespace, addresses }) => {
    const entries = run(namespace, `bridge fdb show dev ${device}`).matchAll(/^(\S+) dst (\S+)/gm);
    const own = Object.values(addresses).map(asKernelWrites);
    return [...entries].filter(
      ([, who, place]) => who === mac && (place !== asKernelWrites(address) || own.includes(place)),
    );
  });
  return places.length;
}

function asKernelWrites(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
