import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import { startHolder } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { startNameServer } from './bed/name-server.ts';
import { podSubnets } from './bed/primary-network.ts';
import { describeDatapath } from './bed/requirements.ts';
import { ECHO_PORT, isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { addHost } from './bed/underlay.ts';
import { watchSources } from './bed/watcher.ts';
import { GATEWAY, master, prepareRouters, startClients } from './failover.ts';
import { ask, ASKING, OUTSIDE, RECORDS } from './names.ts';

const PORT = 6881;
const SERVER = '192.168.50.99';
const PUBLIC = { IPv4: '203.0.113.53', IPv6: '2001:db8::53' };

describeDatapath('with several routers', () => {
  it('each of them leads to a forwarded port, and the resolver answers where the gateway is', async () => {
    using cluster = createCluster({ layout: 'Routed' });
    const { fabric, internet } = cluster.underlay;
    using _ = startNameServer(addHost(fabric, 1500, 'names', PUBLIC), cluster.directory, RECORDS);
    for (const { number } of cluster.nodes) run(internet, `ip route add ${podSubnets(number)[0]} via 203.0.113.1`);
    const scene = await prepareRouters(cluster, 'ha-vrrp', {
      ...ASKING,
      reserved: [SERVER],
      'gateway.dns': { upstreams: [PUBLIC.IPv4] },
      'gateway.portForwards': ['TCP', 'UDP'].map((protocol) => ({
        protocol,
        port: PORT,
        targetPort: ECHO_PORT,
        to: { addresses: [SERVER] },
      })),
    });
    const [client = ''] = startClients(scene).map(({ namespace }) => namespace);
    const server = startHolder(scene, 2, [SERVER]).namespace;
    await startEchoServer(server, SERVER);
    const callers = watchSources(server, [`ip daddr ${SERVER} th dport ${ECHO_PORT}`, 'ip6 nexthdr 59']);

    const called: boolean[] = [];
    for (const { sandbox } of scene.routers) {
      called.push(isAnswered(await tryTraffic(internet, [sandbox?.addresses[0] ?? ''], undefined, PORT)));
    }
    expect(called).toEqual([true, true]);
    expect(callers()).toEqual(['192.168.50.2', '192.168.50.3']);
    for (const address of GATEWAY) expect(ask(client, OUTSIDE.name, address).answer).toContain(OUTSIDE.addresses[0]);

    const first = master(scene.routers);
    const [second] = scene.routers.filter((router) => router !== first);
    await first.crash();
    run(first.namespace, 'ip link del net1');
    const moment = Date.now();
    await eventually(() => {
      for (const address of GATEWAY) expect(ask(client, OUTSIDE.name, address).answer).toContain(OUTSIDE.addresses[0]);
    });
    expect(Date.now() - moment).toBeLessThan(7000);
    expect(master([second as typeof first])).toBe(second);
    const address = second?.sandbox?.addresses[0] ?? '';
    expect(isAnswered(await tryTraffic(internet, [address], undefined, PORT))).toBe(true);
  });
});
