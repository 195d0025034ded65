import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run, tryRun } from '../agent/namespace.ts';
import { type Client, leaks, startClient } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { countIncoming } from './bed/counter.ts';
import { example } from './bed/example.ts';
import { answered, listen } from './bed/flow.ts';
import { install, type Installation, startRouter, untilReady } from './bed/installation.ts';
import type { Pod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';
import { backAfter, isAnswered, startEchoServer, startTraffic, tryTraffic } from './bed/traffic.ts';
import { createVlan, type Vlan, VLAN } from './bed/vlan.ts';

const SERVER = [VLAN.server.IPv4, VLAN.server.IPv6];
const BRIDGE = 'br-vlan';
const OPEN = { 'gateway.firewall': { deny: [{ cidrs: ['10.99.0.0/24', 'fd00:99::/64'] }] } };

interface Scene extends Installation {
  readonly vlan: Vlan;
  readonly router: Pod;
  readonly client: Client;
}

/**
 * The example with other fields, its clients on the first node and its router on the second, on the
 * VLAN by a plugin.
 */
async function prepare(
  cluster: Cluster,
  fields: Readonly<Record<string, unknown>> = OPEN,
  plugin: 'macvlan' | 'bridge' = 'macvlan',
): Promise<Scene> {
  const vlan = createVlan(cluster, plugin === 'bridge' ? { bridge: BRIDGE } : {});
  await startEchoServer(vlan.server);
  const own =
    plugin === 'bridge'
      ? `{"type": "bridge", "bridge": "${BRIDGE}"}`
      : '{"type": "macvlan", "master": "eth1", "mode": "bridge"}';
  const source = example('untrusted-vlan', fields).replace(/\{"type": "macvlan".*\}/, own);
  const installation = install(cluster, source, 2);
  await untilReady([...installation.agents, ...installation.routers]);
  const [router] = installation.routers;
  if (!router) throw new Error('there is no router');
  return { ...installation, vlan, router, client: startClient(installation, 1) };
}

/**
 * Who has sent packets onto the VLAN from the router's node, except for those that IPv6 itself
 * sends from a link-local address.
 */
function senders({ vlan }: Scene): readonly string[] {
  return Object.keys(vlan.sources(2))
    .filter((address) => !/^(::|fe80::.*)$/.test(address))
    .toSorted();
}

describeDatapath('an egress by another network', () => {
  it.each([
    [
      'IPv4 and IPv6, with addresses that clients share',
      'macvlan',
      OPEN,
      SERVER,
      ['10.99.0.11', '10.99.0.50', 'fd00:99::11', 'fd00:99::50'],
    ],
    [
      "IPv4 and IPv6, with the router's own",
      'bridge',
      { ...OPEN, 'gateway.egress.network.snatAddresses': undefined },
      SERVER,
      ['10.99.0.11', 'fd00:99::11'],
    ],
    [
      'IPv4',
      'macvlan',
      {
        ...OPEN,
        subnets: ['192.168.50.0/24'],
        'gateway.egress.network.addresses': ['10.99.0.11/24'],
        'gateway.egress.network.gateways': ['10.99.0.1'],
        'gateway.egress.network.snatAddresses': ['10.99.0.50'],
        'gateway.healthCheck': undefined,
      },
      [VLAN.server.IPv4],
      ['10.99.0.50'],
    ],
    [
      'IPv6',
      'bridge',
      {
        ...OPEN,
        subnets: ['fd00:50::/64'],
        'gateway.egress.network.addresses': ['fd00:99::11/64'],
        'gateway.egress.network.gateways': ['fd00:99::1'],
        'gateway.egress.network.snatAddresses': undefined,
        'gateway.healthCheck': undefined,
      },
      [VLAN.server.IPv6],
      ['fd00:99::11'],
    ],
  ] as const)('takes %s (%s)', async (_, plugin, fields, addresses, expected) => {
    using cluster = createCluster();
    const scene = await prepare(cluster, fields, plugin);
    expect(isAnswered(await tryTraffic(scene.client.namespace, addresses))).toBe(true);
    expect(senders(scene)).toEqual(expected);
    expect(leaks(scene, [scene.client])).toBe(0);
  });

  it('is found again at once when the router comes back with another MAC', async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster);
    const [deployment] = scene.manifests.deployments.filter(({ metadata }) => metadata?.name === 'untrusted-router-0');
    if (!deployment) throw new Error('there is no router');
    const traffic = await startTraffic(scene.client.namespace, SERVER);
    await scene.router.remove();
    const back = startRouter(cluster, scene.manifests, deployment, scene.router.node);
    await eventually(() => expect(back.log()).toMatch(/^net1: address fd00:50::1\/64 added$/m));
    const ready = Date.now();
    await untilReady([back]);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    for (const { address, udp, tcp } of await traffic.stop()) {
      expect(backAfter(udp, ready), address).toBeLessThan(1500);
      expect(backAfter(tcp, ready), address).toBeLessThan(1500);
    }
    expect(leaks(scene, [scene.client])).toBe(0);
  });

  it('leads to the hosts of that network only as the lists say', async () => {
    using cluster = createCluster();
    const closed = await prepare(cluster, {});
    const hosts = [VLAN.attacker.IPv4, VLAN.attacker.IPv6];
    await listen(closed.vlan.attacker, hosts, [443, 8443]);
    const flows = hosts.flatMap((host) => [`tcp,${host},443`, `tcp,${host},8443`, `udp,${host},443`, `icmp,${host}`]);
    const seen = countIncoming(closed.vlan.attacker, 'eth0', {
      matches: ['meta l4proto { icmp, tcp, udp }', 'icmpv6 type echo-request'],
    });
    expect(await answered(closed.client.namespace, flows)).toEqual([]);
    expect(seen()).toBe(0);
    expect(leaks(closed, [closed.client])).toBe(0);
  });

  it('leads to those of them that are allowed, without a detour by the next hop', async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster, {
      'gateway.firewall': { allow: [{ cidrs: ['10.99.0.66/32', 'fd00:99::66/128'], protocol: 'TCP', ports: [443] }] },
    });
    const hosts = [VLAN.attacker.IPv4, VLAN.attacker.IPv6];
    await listen(scene.vlan.attacker, hosts, [443, 8443]);
    const flows = hosts.flatMap((host) => [`tcp,${host},443`, `tcp,${host},8443`, `udp,${host},443`, `icmp,${host}`]);
    run(scene.vlan.router, 'sysctl -qw net.ipv4.conf.all.forwarding=0 net.ipv6.conf.all.forwarding=0');
    expect(await answered(scene.client.namespace, flows)).toEqual(hosts.map((host) => `tcp,${host},443`));
  });
});

describeDatapath('somebody on that network', () => {
  it('reaches nothing of the cluster, of the clients and of the router', async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster);
    const { vlan, router, client } = scene;
    expect(isAnswered(await tryTraffic(client.namespace, SERVER))).toBe(true);
    for (const namespace of [router.namespace, client.namespace]) await startEchoServer(namespace);
    const [podV4, podV6] = router.sandbox?.addresses ?? ['', ''];
    const attacker = ['ip saddr 10.99.0.66', 'ip6 saddr fd00:99::66'];
    const atClient = countIncoming(client.namespace, 'net1', { matches: attacker });
    const atNode = countIncoming(router.node.namespace, peerOf(router), { matches: attacker });
    const answers = countIncoming(vlan.attacker, 'eth0', { matches: ['meta l4proto { tcp, udp }'] });
    const [webV4, webV6] = cluster.web.addresses;
    const targets = [
      { addresses: client.networkAddresses, what: 'a client' },
      { addresses: ['192.168.50.1', 'fd00:50::1'], what: "the gateway's address" },
      { addresses: [podV4, podV6], what: 'the router on the primary network' },
      { addresses: [webV4, webV6], what: 'a pod' },
      { addresses: ['10.96.0.80', 'fd00:10:96::80'], what: 'a Service' },
      { addresses: [router.node.addresses.IPv4, router.node.addresses.IPv6], what: 'a node' },
    ];
    for (const { addresses } of targets) {
      run(
        vlan.attacker,
        `ip route replace ${addresses[0]} via 10.99.0.11; ip -6 route replace ${addresses[1]} via fd00:99::11`,
      );
    }
    for (const { addresses, what } of targets) {
      for (const address of addresses) {
        expect(tryRun(vlan.attacker, `ping -n -c 2 -i 0.2 -W 0.5 ${address}`), what).toBeUndefined();
      }
      const reports = await tryTraffic(vlan.attacker, addresses);
      expect(
        reports.some((report) => report.udp.some(([, back]) => back > 0) || report.tcp.some(([, back]) => back > 0)),
        what,
      ).toBe(false);
    }
    const own = ['10.99.0.11', 'fd00:99::11'];
    expect(
      (await tryTraffic(vlan.attacker, own)).flatMap(({ udp, tcp }) => [...udp, ...tcp]).some(([, back]) => back > 0),
    ).toBe(false);
    expect([atClient(), atNode(), answers()]).toEqual([0, 0, 0]);
  });

  it('gets no answer to ARP for what the router has elsewhere', async () => {
    using cluster = createCluster();
    const { vlan, router } = await prepare(cluster);
    const asks = (address: string) => {
      run(
        vlan.attacker,
        `ip route replace ${address} dev eth0; ip neigh flush dev eth0; ping -n -c 1 -W 0.5 ${address}; true`,
      );
      return run(vlan.attacker, `ip neigh show ${address} dev eth0`);
    };
    expect(asks('10.99.0.11')).toContain('lladdr');
    for (const address of ['192.168.50.1', router.sandbox?.addresses[0] ?? ''])
      expect(asks(address)).not.toContain('lladdr');
    for (const address of ['fd00:50::1', router.sandbox?.addresses[1] ?? ''])
      expect(asks(address)).not.toContain('lladdr');
  });
});

/** The end of a router's primary interface on its node. */
function peerOf({ namespace, node }: Pod): string {
  const [, index] = /eth0@if(\d+)/.exec(run(namespace, 'ip -o link show dev eth0')) ?? [];
  const [, name = ''] = new RegExp(`^${index}: ([^@:]+)`, 'm').exec(run(node.namespace, 'ip -o link')) ?? [];
  return name;
}
