import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ACCIDENTS, makeImpatient, ROUTER_NODE, type Scene, silenceRouter, untilFailed } from './accidents.ts';
import { leaks, startClient } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { type Route, withRoutes } from './bed/routes.ts';
import { backAfter, isAnswered, startEchoServer, startTraffic, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';

const BOTH = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };
const EVERYWHERE = [INTERNET.IPv4, INTERNET.IPv6];

async function prepare(cluster: Cluster, fields: Readonly<Record<string, unknown>>): Promise<Installation> {
  await startEchoServer(cluster.underlay.internet);
  const installation = install(cluster, example('multi-node', fields), ROUTER_NODE);
  await untilReady([...installation.agents, ...installation.routers]);
  return installation;
}

/** Starts a client on each node. */
function startClients(installation: Installation): Scene {
  const clients = installation.cluster.nodes.map(({ number }) => startClient(installation, number));
  for (const { namespace } of clients) makeImpatient(namespace);
  return { ...installation, clients };
}

describeDatapath('no packet of a client takes another way when', () => {
  it.each(ACCIDENTS)('$title', async ({ happen, repair }) => {
    using cluster = createCluster();
    const scene = startClients(await prepare(cluster, BOTH));
    const { clients } = scene;
    const traffic = await Promise.all(clients.map(({ namespace }) => startTraffic(namespace, EVERYWHERE)));
    await setTimeout(500);
    await happen(scene);
    await setTimeout(1000);
    await repair(scene);
    const repaired = Date.now();
    await setTimeout(3500);
    const reports = (await Promise.all(traffic.map(({ stop }) => stop()))).flat();
    expect(leaks(scene, clients)).toBe(0);
    for (const { udp, tcp } of reports) {
      // A client whose entry for the gateway has failed asks for it once a second, which is when it finds it again.
      expect(backAfter(udp, repaired)).toBeLessThan(3000);
      expect(backAfter(tcp, repaired)).toBeLessThan(3000);
    }
  });

  it('the network has no IPv6 and the cluster has', async () => {
    using cluster = createCluster();
    const scene = startClients(await prepare(cluster, {}));
    const [client] = scene.clients;
    expect(isAnswered(await tryTraffic(client?.namespace ?? '', [INTERNET.IPv4]))).toBe(true);
    expect(isAnswered(await tryTraffic(client?.namespace ?? '', [INTERNET.IPv6]))).toBe(false);
    expect(leaks(scene, scene.clients)).toBe(0);
  });
});

/** What leaks, as a proof that these tests would see it. */
const MISTAKES: readonly [string, Readonly<Record<string, unknown>>, (routes: readonly Route[]) => readonly Route[]][] =
  [
    [
      "a default route beside the primary network's, as the seed has it",
      {},
      () => [{ dst: '0.0.0.0/0', gw: '192.168.50.1' }],
    ],
    ['IPv6 routes by the gateway with nothing beneath them', BOTH, (routes) => routes.filter((route) => 'gw' in route)],
    ['no routes for the family that the network lacks', { unservedFamily: 'Bypass' }, (routes) => routes],
  ];

describeDatapath('when the router is silent, packets are seen to take another way with', () => {
  it.each(MISTAKES)('%s', async (_, fields, replace) => {
    using cluster = createCluster();
    const scene = startClients(withRoutes(await prepare(cluster, fields), replace));
    const far = scene.clients.filter(({ node }) => node.number !== ROUTER_NODE);
    const traffic = await startTraffic(far[0]?.namespace ?? '', EVERYWHERE);
    await silenceRouter(scene);
    if (fields === BOTH) await untilFailed(far);
    await setTimeout(3000);
    await traffic.stop();
    expect(leaks(scene, far)).toBeGreaterThan(0);
  });
});
