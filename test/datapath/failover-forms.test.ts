import type { V1Secret } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import { leaks } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { type Installation, startRouter, untilReady } from './bed/installation.ts';
import type { Node } from './bed/node.ts';
import type { Pod } from './bed/pod.ts';
import { describeDatapath, describeVpn } from './bed/requirements.ts';
import { outage as longestPause } from './bed/traffic.ts';
import { countOnWire, cutOff, INTERNET, TO_INTERNET } from './bed/underlay.ts';
import { createVpnHost, VPN } from './bed/vpn-host.ts';
import { createWireGuard } from './bed/wireguard.ts';
import {
  GATEWAY,
  master,
  masters,
  mute,
  outages,
  prepareRouters,
  startClients,
  trafficWhile,
  unmute,
} from './failover.ts';
import { createTunnelCluster } from './tunnels.ts';

/** The longest outage, in milliseconds, when a router is gone, and when its egress is dead. */
const GONE = 3500;
const SILENT = 9000;

/** Takes a router away in a moment: nothing of it says that it goes, and nothing of it goes on. */
async function destroy(pod: Pod): Promise<void> {
  run(pod.namespace, 'ip link set net1 down');
  await pod.crash();
}

describeDatapath('clients go on by another router', () => {
  it.each([
    ['IPv4', '192.168.50.0/24', GATEWAY[0], INTERNET.IPv4],
    ['IPv6', 'fd00:50::/64', GATEWAY[1], INTERNET.IPv6],
  ])('in a network of %s alone', async (_, subnet, gateway, address) => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepareRouters(cluster, 'ha-vrrp', { subnets: [subnet] }, undefined, [gateway]);
    const [first, second] = scene.routers as [Pod, Pod];
    expect(master(scene.routers, [gateway])).toBe(first);
    const { reports, moment } = await trafficWhile(startClients(scene), () => destroy(first), GONE + 1500, [address]);
    const { udp, tcp } = outages(reports, moment);
    expect(Math.max(udp, tcp)).toBeLessThan(GONE);
    await eventually(() => expect(masters(scene.routers, [gateway])).toEqual([second]));
  });

  it('and by the third when that is gone as well', async () => {
    using cluster = createCluster({ nodes: 4 });
    const scene = await prepareRouters(cluster, 'ha-vrrp', { 'gateway.replicas': 3 });
    const [first, second, third] = scene.routers as [Pod, Pod, Pod];
    const clients = startClients(scene);
    for (const [lost, next] of [
      [first, second],
      [second, third],
    ] as const) {
      expect(master(scene.routers)).toBe(lost);
      const { reports, moment } = await trafficWhile(clients, () => destroy(lost), GONE + 1500);
      const { udp, tcp } = outages(reports, moment);
      expect(Math.max(udp, tcp)).toBeLessThan(GONE);
      // Two that are quick at the same moment agree within the next advertisements.
      await eventually(() => expect(masters(scene.routers)).toEqual([next]));
    }
  });
});

describeDatapath('where no router reaches the world outside', () => {
  it('none has the addresses of the gateway and nothing leaks, until one does', async () => {
    using cluster = createCluster({ nodes: 3 });
    const healthCheck = { 'gateway.healthCheck': { addresses: [INTERNET.IPv4, INTERNET.IPv6] } };
    const scene = await prepareRouters(cluster, 'ha-vrrp', healthCheck);
    const clients = startClients(scene);
    const [, second] = scene.routers as [Pod, Pod];
    for (const { node } of scene.routers) mute(node);
    await eventually(() => expect(masters(scene.routers)).toEqual([]));
    const { reports } = await trafficWhile(clients, () => undefined, 3000);
    expect(reports.flatMap(({ udp, tcp }) => [...udp, ...tcp]).filter(([, answered]) => answered > 0)).toEqual([]);
    expect(leaks(scene, clients)).toBe(0);
    unmute(second.node);
    await eventually(() => expect(masters(scene.routers)).toEqual([second]));
    const back = await trafficWhile(clients, () => undefined, 1000);
    expect(outages(back.reports, back.moment)).toEqual({ udp: 0, tcp: 0 });
  });
});

/** Does what a changed Deployment does that is recreated, to all of them at the same moment. */
async function roll({ cluster, manifests, routers }: Installation): Promise<void> {
  const rolled = routers.map(async (router, index) => {
    const deployment = manifests.deployments.find(({ metadata }) => metadata?.name === `vpn-router-${index}`);
    if (!deployment) throw new Error(`there is no router ${index}`);
    await router.remove();
    routers[index] = startRouter(cluster, manifests, deployment, router.node);
  });
  await Promise.all(rolled);
  await untilReady(routers);
}

describeDatapath('clients do not notice that all routers are rolled', () => {
  it('at once, for each waits until the one before is back', async () => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepareRouters(cluster, 'ha-vrrp');
    const { reports } = await trafficWhile(startClients(scene), () => roll(scene), 3000);
    const pauses = reports.flatMap(({ udp, tcp }) => [longestPause(udp), longestPause(tcp)]);
    console.log(`the longest pause: ${Math.max(...pauses)} ms`);
    expect(Math.max(...pauses)).toBeLessThan(1000);
    expect(masters(scene.routers)).toHaveLength(1);
  });
});

/** Keeps the packets of a tunnel from leaving a node, as if its server were gone. */
const DEAFEN = `nft 'table inet deafen { chain out { type filter hook forward priority 0; ip daddr ${VPN.IPv4} drop; }; }'`;

const TUNNEL_LOSSES: readonly [string, number, (cluster: Cluster, node: Node) => void][] = [
  ['its node is gone', GONE, ({ underlay }, { number }) => cutOff(underlay, number)],
  ['its tunnel carries nothing', SILENT, (_, { namespace }) => void run(namespace, DEAFEN)],
];

describeVpn('clients go on by the tunnel of the other router, and by no other way, when', () => {
  it.each(TUNNEL_LOSSES)('%s', async (_, limit, happen) => {
    using cluster = createTunnelCluster({ nodes: 3 });
    const { underlay } = cluster;
    const server = createWireGuard(createVpnHost(cluster), 2);
    server.start();
    const secret: V1Secret = {
      metadata: { name: 'wireguard', namespace: 'egress' },
      stringData: Object.fromEntries(server.clients.map((configuration, index) => [`wg${index}.conf`, configuration])),
    };
    const scene = await prepareRouters(
      cluster,
      'vpn-wireguard',
      {
        'gateway.replicas': 2,
        'gateway.egress.vpn.wireGuard.implementation': 'Userspace',
        'gateway.healthCheck': { addresses: [INTERNET.IPv4, INTERNET.IPv6] },
      },
      (manifests) => ({ ...manifests, secrets: [secret] }),
    );
    const { node } = master(scene.routers);
    const clients = startClients(scene).filter((client) => client.node !== node);
    const outside = cluster.nodes.map(({ number }) =>
      countOnWire(underlay, number, {
        matches: TO_INTERNET,
        except: [`ip daddr ${VPN.IPv4} udp dport ${server.port}`],
      }),
    );
    const { reports, moment } = await trafficWhile(clients, () => happen(cluster, node), limit + 1500);
    const { udp, tcp } = outages(reports, moment);
    console.log(`${udp} ms over UDP, ${tcp} ms over TCP`);
    expect(Math.max(udp, tcp)).toBeLessThan(limit);
    expect(masters(scene.routers.filter((router) => router.node !== node))).toHaveLength(1);
    expect(outside.map((count) => count())).toEqual([0, 0, 0]);
  });
});
