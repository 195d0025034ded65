import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { CHANGED_FIELDS, type ChangedField } from '../render/changed-fields.ts';
import { startClient } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, nodeOf, startAgent, startRouter, untilReady } from './bed/installation.ts';
import { render } from './bed/manifests.ts';
import type { Pod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';
import { lost, outage, startEchoServer, startStream, startTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';

// What becomes of connections when a field is changed: the figures of docs/changes.md. Takes a quarter of an hour:
// `npm run measure -- test/datapath/changes.spec.ts`.

/** What the bed does not have: a VPN server, a VLAN, a second router's node, other interfaces and other images. */
const ELSEWHERE =
  /egress|overlay\.underlay\.(?:family|interface)|flooding\.type|multicast|ipam|images|replicas|nodes\.|dns|clients/;
const ROUTER_NODE = 2;

const rows: string[] = [];

function source(fields: object): string {
  return example('multi-node', { overlay: { vni: 1000 }, ...fields });
}

/** What the controllers of a DaemonSet and a Deployment do with changed manifests. */
async function apply(before: Installation, after: Installation): Promise<void> {
  const [old, set] = [before.manifests.daemonSets[0], after.manifests.daemonSets[0]];
  const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  if (set && isSame(old?.spec?.template, set.spec?.template))
    for (const agent of after.agents) agent.update(after.manifests);
  else if (set) await rollAgents(after, set);
  const [router, deployment] = [before, after].map(({ manifests }) =>
    manifests.deployments.find(({ metadata }) => metadata?.name === 'vpn-router-0'),
  );
  if (isSame(router?.spec?.template, deployment?.spec?.template)) after.routers[0]?.update(after.manifests);
  else if (deployment) {
    await after.routers[0]?.remove();
    after.routers[0] = startRouter(after.cluster, after.manifests, deployment, nodeOf(after.cluster, ROUTER_NODE));
  }
}

async function rollAgents(
  { cluster, manifests, agents }: Installation,
  set: Installation['manifests']['daemonSets'][number],
) {
  for (const [index, node] of cluster.nodes.entries()) {
    const successor: Pod = startAgent(cluster, manifests, set, node);
    await eventually(() => expect(successor.probe()).toMatchObject({ status: 0 }));
    await agents[index]?.remove();
    agents[index] = successor;
  }
}

/**
 * Changes a field under 120 datagrams a second and two streams, from a client on the router's node and one on the
 * other.
 */
async function measure(cluster: Cluster, { field, before, after }: ChangedField): Promise<string> {
  await startEchoServer(cluster.underlay.internet);
  const installation = install(cluster, source(before), ROUTER_NODE);
  await untilReady([...installation.agents, ...installation.routers]);
  const clients = [1, 2].map((number) => startClient(installation, number));
  const streams = await Promise.all(clients.map(({ namespace }) => startStream(namespace, INTERNET.IPv4)));
  const traffic = await Promise.all(clients.map(({ namespace }) => startTraffic(namespace, [INTERNET.IPv4])));
  await setTimeout(1000);
  await apply(installation, { ...installation, manifests: render(source(after)) });
  await setTimeout(6000);
  const reports = (await Promise.all(traffic.map(({ stop }) => stop()))).flat();
  const ended = (await Promise.all(streams.map(({ stop }) => stop()))).filter(
    ({ error, sent, returned }) => error !== undefined || sent !== returned,
  );
  const count = reports.reduce((sum, { udp }) => sum + lost(udp), 0);
  const longest = Math.max(...reports.map(({ udp }) => outage(udp)));
  return `| \`${field}\` | ${count} | ${longest} ms | ${ended.length} of ${streams.length} |`;
}

describeDatapath('a change', () => {
  afterAll(() => console.log(['| field | datagrams lost | longest pause | streams ended |', ...rows].join('\n')));
  it.each(
    CHANGED_FIELDS.filter(({ field }) => !ELSEWHERE.test(field)).map((changed) => [changed.field, changed] as const),
  )(
    'of %s',
    async (_, changed) => {
      using cluster = createCluster();
      rows.push(await measure(cluster, changed));
    },
    120_000,
  );
});
