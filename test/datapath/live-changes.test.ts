import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { run } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { answered } from './bed/flow.ts';
import { install, untilReady, update } from './bed/installation.ts';
import { startNameServer } from './bed/name-server.ts';
import { describeDatapath } from './bed/requirements.ts';
import { ECHO_PORT, isAnswered, startEchoServer, startStream, startTraffic, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';
import { createVlan, VLAN } from './bed/vlan.ts';
import { longestOutages, masters, prepareRouters, startClients, trafficWhile } from './failover.ts';
import { loads, lostWhile, OTHER_PORT, OUT, prepare, SOON, soon } from './live.ts';
import { ask, ASKING, BY_VLAN, OUTSIDE, prepare as prepareNames, RECORDS } from './names.ts';

/** A name server that nobody is, behind the VLAN. */
const NOBODY = '198.51.100.77';
const TRANSFERS = 20;

describeDatapath('a router whose ConfigMap is changed', () => {
  it('takes a firewall list, which ends what is no longer allowed and nothing else', async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster, { 'gateway.firewall': { deny: [{ protocol: 'SCTP' }] } });
    const { router, client, change } = scene;
    const connections = Array.from({ length: TRANSFERS }, (_, index) =>
      startStream(client.namespace, OUT[index % 2] ?? ''),
    );
    const streams = await Promise.all(connections);
    const denied = await startTraffic(client.namespace, OUT, undefined, OTHER_PORT);
    const count = await lostWhile(scene, async () => {
      for (let round = 0; round < 3; round += 1) {
        const ports = [9, OTHER_PORT, 10 + round];
        change({ 'gateway.firewall': { deny: ['TCP', 'UDP'].map((protocol) => ({ protocol, ports })) } });
        const took = await soon(() => loads(router) === round + 2);
        console.log(`a firewall list is loaded ${took} ms after the update of its file`);
        expect(took).toBeLessThan(SOON);
      }
      await setTimeout(1000);
    });
    expect(count).toBe(0);
    for (const { udp, tcp } of await denied.stop()) {
      for (const exchanges of [udp, tcp]) {
        const last = exchanges.at(-1)?.[0] ?? 0;
        expect(exchanges.some(([, back]) => back > 0)).toBe(true);
        expect(exchanges.filter(([sent, back]) => back > 0 && sent > last - 1000)).toEqual([]);
      }
    }
    for (const stream of await Promise.all(streams.map(({ stop }) => stop()))) {
      expect(stream.error).toBeUndefined();
      expect(stream.returned).toBe(stream.sent);
    }
  });

  it('takes a firewall list as one of two, and the gateway stays where it is', async () => {
    using cluster = createCluster();
    const firewall = (port: number) => ({ 'gateway.firewall': { deny: [{ protocol: 'TCP', ports: [port] }] } });
    const installation = await prepareRouters(cluster, 'ha-vrrp', firewall(9));
    const { routers } = installation;
    const before = masters(routers);
    const clients = startClients(installation);
    const { reports } = await trafficWhile(
      clients,
      async () => {
        update(installation, example('ha-vrrp', firewall(10)));
        for (const router of routers) expect(await soon(() => loads(router) === 2)).toBeLessThan(SOON);
      },
      2000,
    );
    // Less than any failover takes. One datagram was lost once, on a busy machine.
    const { udp, tcp } = longestOutages(reports);
    expect(Math.max(udp, tcp)).toBeLessThan(500);
    expect(masters(routers)).toEqual(before);
  });

  it('takes health checks', async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster);
    const { router, change } = scene;
    const checking = (address: string) => change({ 'gateway.healthCheck': { addresses: [address] } });
    const count = await lostWhile(scene, async () => {
      checking('203.0.113.77');
      await soon(() => router.probe().output === 'not ready: none of 203.0.113.77 answers through eth0');
      checking(INTERNET.IPv4);
      await soon(() => router.probe().output === 'ready');
      change({});
      await setTimeout(SOON);
      run(
        cluster.underlay.internet,
        `nft 'table inet silence { chain in { type filter hook input priority 0; icmp type echo-request drop; }; }'`,
      );
      await setTimeout(SOON);
      expect(router.probe().output).toBe('ready');
    });
    expect(count).toBe(0);
  });

  it('takes networks of the cluster, where it sends nothing', async () => {
    using cluster = createCluster();
    const before = { 'cluster.cidrs': ['10.244.0.0/16', '10.96.0.0/12', '172.18.0.0/16', 'fd00:10::/32'] };
    const scene = await prepare(cluster, before);
    const other = '203.0.113.20';
    run(cluster.underlay.internet, `ip addr add ${other}/24 dev eth0`);
    const flow = `tcp,${other},${ECHO_PORT}`;
    const answers = async () => (await answered(scene.client.namespace, [flow])).includes(flow);
    expect(await answers()).toBe(true);
    const count = await lostWhile(scene, async () => {
      scene.change({ 'cluster.cidrs': [...before['cluster.cidrs'], `${other}/32`] });
      expect(await soon(() => loads(scene.router) === 2)).toBeLessThan(SOON);
    });
    expect(count).toBe(0);
    expect(await answers()).toBe(false);
  });

  it('takes forwarded ports', async () => {
    using cluster = createCluster({ layout: 'Routed' });
    const sourceOf = (port: number) => example('port-forward').replaceAll('port: 6881', `port: ${port}`);
    const installation = install(cluster, sourceOf(6881), 2);
    await untilReady([...installation.agents, ...installation.routers]);
    const [router] = installation.routers;
    const server = startClient(installation, 1, 'server');
    await startEchoServer(server.namespace);
    const [address = ''] = router?.sandbox?.addresses ?? [];
    run(cluster.underlay.internet, `ip route add ${address} via 203.0.113.1`);
    const answers = async (port: number) =>
      isAnswered(await tryTraffic(cluster.underlay.internet, [address], undefined, port));
    expect([await answers(6881), await answers(6882)]).toEqual([true, false]);
    update(installation, sourceOf(6882), installation.routers);
    await soon(() => router && loads(router) === 2);
    expect([await answers(6881), await answers(6882)]).toEqual([false, true]);
  });

  it('takes name servers outside', async () => {
    using cluster = createCluster();
    const vlan = createVlan(cluster);
    using server = startNameServer(vlan.server, cluster.directory, RECORDS);
    const fields = (upstreams: readonly string[]) => ({ ...ASKING, ...BY_VLAN, 'gateway.dns': { upstreams } });
    const scene = await prepareNames(cluster, fields([NOBODY]));
    const answer = () => ask(scene.client.namespace, OUTSIDE.name, '192.168.50.1').answer;
    expect(answer()).not.toContain(OUTSIDE.addresses[0]);
    scene.change(fields([VLAN.server.IPv4]));
    await soon(() => answer().includes(String(OUTSIDE.addresses[0])));
    expect(server.questions().map(({ from }) => from)).toContain('10.99.0.11');
    expect(server.questions().filter(({ from }) => from !== '10.99.0.11')).toEqual([]);
    const policies = () => run(scene.router.namespace, 'ip rule show');
    expect(policies()).toContain(`to ${VLAN.server.IPv4} `);
    await soon(() => !policies().includes(`to ${NOBODY} `));
  });
});
