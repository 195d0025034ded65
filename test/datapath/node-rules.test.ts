import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Namespace, removeNamespaces, run, tryRun } from '../agent/namespace.ts';
import { missingFor } from '../agent/requirements.ts';
import { describeNeeding } from '../tools/needs.ts';
import { createNodes, dropped, type Nodes, type Pod, reached } from './bridged-nodes.ts';
import { arp, BROADCAST, discovery, frame, type Frame, multicastMAC, packet, solicitedNode, tagged } from './frames.ts';

const ALL_NODES = 'ff02::1';
const [GATEWAY, GATEWAY6] = ['192.168.50.1', 'fd00:50::1'];
const ROUTERS_ONLY = 'spoofed-gateway-arp';
const ROUTERS_ONLY6 = 'spoofed-gateway-nd';
const ISOLATED = 'client-isolation';
const UNTAGGED = 'wrong-ether-type';

/** A frame of one pod, to another one where it is to one. */
type Make = (from: Pod, to: Pod) => Frame;

const claim = (from: Pod, to: Pod) =>
  arp(from.mac, to.mac, { operation: 'reply', sender: GATEWAY, target: to.addresses[0] });
const advertise = (from: Pod, target: string, behindOptions = false) =>
  discovery(from.mac, multicastMAC(ALL_NODES), {
    type: 'Advertisement',
    source: from.linkLocal,
    destination: ALL_NODES,
    target,
    behindOptions,
  });
const solicit = (from: Pod, target: string) => {
  const destination = solicitedNode(target);
  return discovery(from.mac, multicastMAC(destination), {
    type: 'Solicitation',
    source: from.linkLocal,
    destination,
    target,
  });
};

/** What nobody may send, and the rule that drops it. */
const HOSTILE: readonly [string, string, Make][] = [
  ['an ARP reply for the gateway', ROUTERS_ONLY, claim],
  [
    'an ARP announcement of the gateway',
    ROUTERS_ONLY,
    ({ mac }) => arp(mac, BROADCAST, { operation: 'request', sender: GATEWAY, target: GATEWAY }),
  ],
  [
    'the same with the other hardware type that the kernel takes',
    ROUTERS_ONLY,
    ({ mac }) => arp(mac, BROADCAST, { operation: 'request', sender: GATEWAY, target: GATEWAY, hardware: 6 }),
  ],
  ['an advertisement of the gateway as a neighbour', ROUTERS_ONLY6, (from) => advertise(from, GATEWAY6)],
  ['the same behind an extension header', ROUTERS_ONLY6, (from) => advertise(from, GATEWAY6, true)],
  [
    'a redirect to the gateway',
    ROUTERS_ONLY6,
    (from, to) =>
      discovery(from.mac, to.mac, {
        type: 'Redirect',
        source: from.linkLocal,
        destination: to.linkLocal,
        target: GATEWAY6,
      }),
  ],
  [
    "a neighbour's question from the gateway's address",
    'spoofed-gateway',
    (from, to) =>
      discovery(from.mac, to.mac, {
        type: 'Solicitation',
        source: GATEWAY6,
        destination: to.addresses[1],
        target: to.addresses[1],
      }),
  ],
  [
    'a router advertisement',
    'router-advertisement',
    (from) =>
      discovery(from.mac, multicastMAC(ALL_NODES), {
        type: 'RouterAdvertisement',
        source: from.linkLocal,
        destination: ALL_NODES,
      }),
  ],
  [
    "a packet from the gateway's address",
    'spoofed-gateway',
    (from, to) => packet(from.mac, to.mac, [GATEWAY, to.addresses[0]]),
  ],
  [
    'a packet from an IPv4 address outside',
    'foreign-source',
    (from, to) => packet(from.mac, to.mac, ['10.0.0.1', '10.244.0.9']),
  ],
  [
    'a packet from an IPv6 address outside',
    'foreign-source',
    (from, to) => packet(from.mac, to.mac, ['2001:db8::1', to.addresses[1]]),
  ],
  ['an ARP reply with the VLAN tag that the kernel strips', UNTAGGED, (from, to) => tagged(0, claim(from, to))],
  ['the same with two tags', UNTAGGED, (from, to) => tagged(0, tagged(0, claim(from, to)))],
  ['a frame of another VLAN', UNTAGGED, (from, to) => tagged(7, claim(from, to))],
  ['a PPPoE session', UNTAGGED, (from, to) => frame(from.mac, to.mac, 0x8864, Buffer.alloc(46))],
];

/** What clients send each other, on purpose or not. */
const SOCIABLE: readonly [string, Make][] = [
  ['an ARP request', (from, to) => arp(from.mac, BROADCAST, request(from, to.addresses[0]))],
  ['an ARP announcement', (from) => arp(from.mac, BROADCAST, request(from, from.addresses[0]))],
  ['an ARP reply', (from, to) => arp(from.mac, to.mac, { ...request(from, to.addresses[0]), operation: 'reply' })],
  ['a solicitation', (from, to) => solicit(from, to.addresses[1])],
  ['an advertisement', (from) => advertise(from, from.addresses[1])],
  ['an IPv4 packet', (from, to) => packet(from.mac, to.mac, [from.addresses[0], to.addresses[0]])],
  ['an IPv4 packet to the primary address', (from, to) => packet(from.mac, to.mac, [from.addresses[0], '10.244.0.9'])],
  ['an IPv4 broadcast', (from) => packet(from.mac, BROADCAST, [from.addresses[0], '255.255.255.255'])],
  ['an IPv4 multicast', (from) => packet(from.mac, '01:00:5e:00:00:fb', [from.addresses[0], '224.0.0.251'])],
  ['an IPv6 packet', (from, to) => packet(from.mac, to.mac, [from.addresses[1], to.addresses[1]])],
  ['a link-local packet', (from, to) => packet(from.mac, to.mac, [from.linkLocal, to.linkLocal])],
  ['an IPv6 multicast', (from) => packet(from.mac, multicastMAC('ff02::fb'), [from.linkLocal, 'ff02::fb'])],
];

function request(from: Pod, target: string) {
  return { operation: 'request', sender: from.addresses[0], target } as const;
}

describeNeeding("the rules of a node's bridge", missingFor(['ip', 'nft', 'ping', 'perl']), () => {
  afterAll(removeNamespaces);

  describe.each(['Disabled', 'Enabled'])('with client isolation %s', (clientIsolation) => {
    let nodes: Nodes;
    beforeAll(() => {
      nodes = createNodes({ clientIsolation });
    });
    const isIsolated = clientIsolation === 'Enabled';
    const count = (rule: string) => dropped(nodes, nodes.first)[rule];

    it.each(HOSTILE)('drop and count %s', async (_, rule, make) => {
      for (const victim of [nodes.b, nodes.c]) {
        const before = count(rule) ?? 0;
        expect(await reached(nodes, nodes.a, make(nodes.a, victim))).toEqual([]);
        expect(count(rule)).toBe(before + 1);
      }
    });

    it.each(SOCIABLE)(`${isIsolated ? 'drop and count' : 'let pass'} %s from client to client`, async (_, make) => {
      for (const other of [nodes.b, nodes.c]) {
        const before = count(ISOLATED) ?? 0;
        expect(await reached(nodes, nodes.a, make(nodes.a, other))).toEqual(
          isIsolated ? [] : expect.arrayContaining([other.name]),
        );
        expect(count(ISOLATED)).toBe(isIsolated ? before + 1 : undefined);
      }
    });

    it('let pass what a router says of itself, and what asks for it', async () => {
      const { router, a } = nodes;
      expect(await reached(nodes, router, claim(router, a))).toEqual(['a']);
      expect(await reached(nodes, router, advertise(router, GATEWAY6))).toEqual(['a', 'b', 'c']);
      expect(await reached(nodes, a, solicit(a, GATEWAY6))).toContain('router');
    });

    it('let clients and router find each other and talk, in both families, on one node and between two', () => {
      const { router, a, c } = nodes;
      for (const client of [a, c]) {
        for (const address of router.addresses) expect(greeting(client, router, address)).toBe('hello');
        for (const pod of [client, router]) run(pod.namespace, 'ip neigh flush dev net1');
        for (const address of [...client.addresses, `${client.linkLocal}%net1`]) {
          expect(answers(router.namespace, address), `router ${address}`).toBe(true);
        }
      }
    });

    it.each(['b', 'c'] as const)(`${isIsolated ? 'keep' : 'do not keep'} a client from %s`, (name) => {
      for (const address of [...nodes[name].addresses, `${nodes[name].linkLocal}%net1`]) {
        expect(answers(nodes.a.namespace, address), address).toBe(!isIsolated);
      }
    });
  });

  describe('take no notice of', () => {
    let nodes: Nodes;
    beforeAll(() => {
      nodes = createNodes({ clientIsolation: 'Enabled' });
    });
    const frames = [...HOSTILE.map(([title, , make]) => [title, make] as const), ...SOCIABLE];

    it.each(frames)('%s on another bridge', async (_, make) => {
      expect(await reached(nodes, nodes.x, make(nodes.x, nodes.y))).toEqual(['y']);
    });
  });

  it('carry no family that the network has no subnet of', async () => {
    const nodes = createNodes({ subnets: ['192.168.50.0/24'] });
    expect(await reached(nodes, nodes.a, solicit(nodes.a, GATEWAY6))).toEqual([]);
    expect(answers(nodes.a.namespace, nodes.b.addresses[1])).toBe(false);
    expect(answers(nodes.a.namespace, GATEWAY)).toBe(true);
  });

  it('let the node say nothing on the network', () => {
    const nodes = createNodes();
    const { first, router, plan } = nodes;
    run(first, `ip addr add 192.168.50.99/24 dev ${plan.bridge}`);
    expect(answers(first, router.addresses[0])).toBe(false);
    expect(run(router.namespace, 'ip neigh show 192.168.50.99')).toBe('');
    expect(dropped(nodes, first)['from-node']).toBeGreaterThan(0);
  });

  it('leave the node silent when a client takes it for the gateway', () => {
    const { first, a, plan } = createNodes();
    run(first, `ip addr add 192.168.77.1/32 dev lo && ip route add ${a.addresses[0]} dev ${plan.bridge}`);
    run(first, 'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0');
    const bridge = run(first, `cat /sys/class/net/${plan.bridge}/address`).trim();
    run(a.namespace, `ip route add default via ${GATEWAY} && ip neigh replace ${GATEWAY} lladdr ${bridge} dev net1`);
    expect(answers(a.namespace, '192.168.77.1')).toBe(false);
    expect(run(first, `nft list chain inet ${plan.names.nodeTable} input`)).toMatch(/packets [1-9]/);
    expect(answers(a.namespace, '172.18.0.2')).toBe(false);
    expect(run(first, `nft list chain inet ${plan.names.nodeTable} forward`)).toMatch(/packets [1-9]/);
  });
});

function answers(from: Namespace, address: string): boolean {
  return tryRun(from, `ping -n -c 1 -w 1 -i 0.2 ${address}`) !== undefined;
}

/** What a server in one pod says to another pod over TCP. */
function greeting(client: Pod, server: Pod, address: string): string {
  const serve = `$s = IO::Socket::IP->new(LocalHost => "${address}", LocalPort => 7, Listen => 1, ReuseAddr => 1) or die;
    exit if fork; close STDOUT; close STDERR; alarm 5; $c = $s->accept; print $c "hello"`;
  const connect = `$s = IO::Socket::IP->new(PeerHost => "${address}", PeerPort => 7, Timeout => 2) or die; print <$s>`;
  run(server.namespace, `perl -MIO::Socket::IP -e '${serve}'`);
  return tryRun(client.namespace, `perl -MIO::Socket::IP -e '${connect}'`) ?? 'nothing';
}
