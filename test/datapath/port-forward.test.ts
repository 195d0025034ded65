import { expect, it } from 'vitest';
import { run } from '../agent/namespace.ts';
import { leaks, startClient, startHolder, type Client } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, untilReady } from './bed/installation.ts';
import { podSubnets } from './bed/primary-network.ts';
import { describeDatapath } from './bed/requirements.ts';
import { ECHO_PORT, isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';
import { VPN } from './bed/vpn-host.ts';
import { watchSources } from './bed/watcher.ts';
import { createTunnelCluster, installTunnel, type TunnelForm, WIREGUARD } from './tunnels.ts';

/** The port of the example that is forwarded, and where it leads. */
const PORT = 6881;
const SERVER = ['192.168.50.99', 'fd00:50::63'] as const;
const CALLS = `meta l4proto { tcp, udp } th dport ${ECHO_PORT}`;
const TO_SERVER = [`ip daddr ${SERVER[0]} ${CALLS}`, `ip6 daddr ${SERVER[1]} ${CALLS}`] as const;
/** The gateway, which is the only router's own address on the network. */
const GATEWAY = ['192.168.50.1', 'fd00:50::1'];
const ROUTER_NODE = 2;

interface Scene extends Installation {
  readonly server: Client;
  /** Where the router is called, by the interface of its egress. */
  readonly router: readonly [string, string];
  /** Who was seen to call the server. */
  readonly callers: () => readonly string[];
}

/**
 * The server on the first node, the router on the second, and a world outside that knows the way to
 * the pods of the cluster.
 */
async function prepare(cluster: Cluster, fields: Readonly<Record<string, unknown>> = {}): Promise<Scene> {
  const { underlay, nodes } = cluster;
  const routes = [...nodes.flatMap(({ number }) => podSubnets(number)), '192.168.50.0/24', 'fd00:50::/64'];
  run(
    underlay.internet,
    routes.map((net) => `ip route add ${net} via ${net.includes(':') ? '2001:db8::1' : '203.0.113.1'}`).join('\n'),
  );
  const installation = install(cluster, example('port-forward', fields), ROUTER_NODE);
  await untilReady([...installation.agents, ...installation.routers]);
  const server = startClient(installation, 1, 'server');
  await startEchoServer(server.namespace);
  const router = installation.routers[0]?.sandbox?.addresses ?? ['', ''];
  return { ...installation, server, router, callers: watchSources(server.namespace, TO_SERVER) };
}

/** Whether a port of the router is answered over UDP and TCP, called at each of its addresses. */
async function answers(caller: string, addresses: readonly string[], port = PORT): Promise<boolean> {
  return isAnswered(await tryTraffic(caller, addresses, undefined, port));
}

/** Whether any packet at all is answered. */
async function isReached(caller: string, addresses: readonly string[], port = PORT): Promise<boolean> {
  const reports = await tryTraffic(caller, addresses, undefined, port);
  return reports.some(({ udp, tcp }) => [...udp, ...tcp].some(([, answered]) => answered > 0));
}

/** How many packets the router's rules with a comment have dropped. */
function dropped({ routers }: Scene, comment: string): number {
  const rules = run(routers[0]?.namespace ?? '', 'nft list table inet gateway').split('\n');
  const counts = rules
    .filter((rule) => rule.includes(`comment "${comment}"`))
    .map((rule) => /packets (\d+)/.exec(rule));
  return counts.reduce((sum, count) => sum + Number(count?.[1] ?? 0), 0);
}

describeDatapath('a port that is forwarded', () => {
  it('leads to the client, which sees who calls from outside, and the router for who calls from the cluster', async () => {
    using cluster = createCluster({ layout: 'Routed' });
    const scene = await prepare(cluster);
    expect(scene.server.networkAddresses).toEqual(SERVER);

    expect(await answers(cluster.underlay.internet, scene.router)).toBe(true);
    expect(scene.callers()).toEqual([INTERNET.IPv4, INTERNET.IPv6]);
    run(scene.server.namespace, 'nft flush set inet watch IPv4; nft flush set inet watch IPv6');

    for (const caller of [cluster.web.namespace, ...cluster.nodes.map((node) => node.namespace)]) {
      expect(await answers(caller, scene.router)).toBe(true);
    }
    expect(scene.callers()).toEqual(GATEWAY);
    expect(leaks(scene, [scene.server])).toBe(0);
  });

  it('is the only one, and only from the side of the egress', async () => {
    using cluster = createCluster({ layout: 'Routed' });
    const scene = await prepare(cluster);
    const { internet } = cluster.underlay;
    const client = startClient(scene, 1);
    const [IPv4, IPv6] = scene.router;

    expect(await isReached(internet, scene.router, ECHO_PORT)).toBe(false);
    expect(await isReached(client.namespace, GATEWAY)).toBe(false);
    const served = dropped(scene, 'to-router');
    expect(served).toBeGreaterThan(0);
    run(
      client.namespace,
      `ip route add ${IPv4} via 192.168.50.1 dev net1; ip route add ${IPv6} via fd00:50::1 dev net1`,
    );
    expect(await isReached(client.namespace, scene.router)).toBe(false);
    expect(dropped(scene, 'to-router')).toBeGreaterThan(served);
    expect(scene.callers()).toEqual([]);
  });

  it('lets nobody reach a client by its own address', async () => {
    using cluster = createCluster({ layout: 'Routed' });
    const scene = await prepare(cluster);
    const { fabric, internet } = cluster.underlay;
    const [, node] = cluster.nodes;
    const [IPv4, IPv6] = scene.router;
    run(
      fabric,
      `ip route add 192.168.50.0/24 via ${node?.addresses.IPv4}; ip route add fd00:50::/64 via ${node?.addresses.IPv6}`,
    );
    run(node?.namespace ?? '', `ip route add 192.168.50.0/24 via ${IPv4}; ip route add fd00:50::/64 via ${IPv6}`);
    for (const port of [ECHO_PORT, PORT]) expect(await isReached(internet, SERVER, port)).toBe(false);
    expect(dropped(scene, 'not-forwarded')).toBeGreaterThan(0);
    expect(scene.callers()).toEqual([]);
  });

  it('lets nobody call with the address of a client', async () => {
    using cluster = createCluster({ layout: 'Routed' });
    const scene = await prepare(cluster, { 'cluster.cidrs': ['10.0.0.0/8', '172.16.0.0/12', 'fd00:10::/32'] });
    const { internet } = cluster.underlay;
    const [IPv4, IPv6] = scene.router;
    run(internet, 'ip addr add 192.168.50.77/32 dev eth0; ip addr add fd00:50::77/128 dev eth0 nodad');
    await tryTraffic(internet, [IPv4], '192.168.50.77', PORT);
    await tryTraffic(internet, [IPv6], 'fd00:50::77', PORT);
    expect(scene.callers()).not.toContain('192.168.50.77');
    expect(scene.callers()).not.toContain('fd00:50::77');
    expect(dropped(scene, 'spoofed-client-source')).toBeGreaterThan(0);
  });

  it('is answered whatever clients may not reach by themselves', async () => {
    using cluster = createCluster({ layout: 'Routed' });
    const { internet } = cluster.underlay;
    await startEchoServer(internet);
    const scene = await prepare(cluster, {
      'gateway.firewall': { deny: [{ cidrs: ['203.0.113.0/24', '2001:db8::/32'] }] },
    });
    expect(await answers(internet, scene.router)).toBe(true);
    expect(scene.callers()).toEqual([INTERNET.IPv4, INTERNET.IPv6]);
    expect(await isReached(scene.server.namespace, [INTERNET.IPv4, INTERNET.IPv6], ECHO_PORT)).toBe(false);
  });

  it('may be one of the VPN provider', async () => {
    using cluster = createTunnelCluster();
    const { internet } = cluster.underlay;
    let provider = '';
    const form: TunnelForm = {
      ...WIREGUARD,
      createServer: (host) => {
        provider = host.namespace;
        return WIREGUARD.createServer(host);
      },
    };
    const to = { addresses: [SERVER[0]] };
    const scene = await installTunnel(cluster, form, {
      reserved: [SERVER[0]],
      'gateway.portForwards': ['TCP', 'UDP'].map((protocol) => ({ protocol, port: PORT, targetPort: ECHO_PORT, to })),
    });
    scene.server.start();
    await untilReady([scene.router()]);
    const server = startHolder(scene, 1, [SERVER[0]]).namespace;
    await startEchoServer(server);
    const callers = watchSources(server, TO_SERVER);
    const [, tunnelAddress] = /Address = ([\d.]+)/.exec(scene.server.clients[0] ?? '') ?? [];
    run(
      provider,
      `nft 'table ip forward { chain prerouting { type nat hook prerouting priority dstnat; meta l4proto { tcp, udp } th dport ${PORT} dnat to ${tunnelAddress}; }; }'`,
    );
    expect(await answers(internet, [VPN.IPv4])).toBe(true);
    expect(callers()).toEqual([INTERNET.IPv4]);
    expect(scene.outside()).toEqual({});
    expect(await isReached(cluster.web.namespace, scene.router().sandbox?.addresses ?? [])).toBe(false);
  });
});
