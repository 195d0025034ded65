import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import { createCluster } from './bed/cluster.ts';
import { describeDatapath } from './bed/requirements.ts';
import { isAnswered, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';
import { type Client, startClient } from './bed/client.ts';
import { cutOverlay, GATEWAY, master, masters, outages, prepareRouters, rejoin, trafficWhile } from './failover.ts';

/** Whom a client takes for the gateway: the MAC address of each family. */
function gatewayOf({ namespace }: Client): readonly string[] {
  return GATEWAY.map((address) => /lladdr (\S+)/.exec(run(namespace, `ip neigh show ${address} dev net1`))?.[1] ?? '');
}

describeDatapath('an overlay that is split', () => {
  it('has a master on each side, and one when it is whole again', async () => {
    using cluster = createCluster({ nodes: 3 });
    const installation = await prepareRouters(cluster, 'ha-vrrp');
    const { routers } = installation;
    const macs = routers.map(({ namespace }) => /ether (\S+)/.exec(run(namespace, 'ip link show net1'))?.[1] ?? '');
    const clients = [1, 2, 3].map((number) => startClient(installation, number));
    const sides = [macs[0], macs[1], macs[1]];
    await trafficWhile(clients, () => undefined, 0);

    const split = await trafficWhile(clients, () => cutOverlay(cluster, 1), 5000);
    expect(masters(routers)).toEqual(routers);
    expect(clients.map(gatewayOf)).toEqual(sides.map((mac) => [mac, mac]));
    const { udp, tcp } = outages(split.reports, split.moment);
    expect(Math.max(udp, tcp)).toBeLessThan(3500);
    for (const { namespace } of clients) {
      expect(isAnswered(await tryTraffic(namespace, [INTERNET.IPv4, INTERNET.IPv6]))).toBe(true);
    }

    const healed = Date.now();
    rejoin(cluster);
    await eventually(() => expect(masters(routers)).toHaveLength(1));
    expect(Date.now() - healed).toBeLessThan(4000);
    await setTimeout(healed + 4000 - Date.now());
    const mac = macs[routers.indexOf(master(routers))];
    const whole = await trafficWhile(clients, () => undefined, 1000);
    expect(outages(whole.reports, whole.moment)).toEqual({ udp: 0, tcp: 0 });
    expect(clients.map(gatewayOf)).toEqual(clients.map(() => [mac, mac]));
  });
});
