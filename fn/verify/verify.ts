import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Service } from '@kubernetes/client-node';
import type { ClusterClient } from '../cluster/cluster-client.ts';
import { FAMILIES } from '../net/address.ts';
import { blindNodes, judgeTour, tryAll } from './around.ts';
import { MOST_CLIENTS } from './attempt.ts';
import { type Check, type CheckId, judged, notTested, type Report, TITLES } from './check.ts';
import { type TestClient, testClient, type TestPod, testPod } from './client.ts';
import { checkEgress } from './egress.ts';
import { judgeFailover, killRouter, listen } from './failover.ts';
import { clientName, CLOSED, SERVER, type Stage, watcherName } from './manifests.ts';
import { checkGateway, checkNames, checkNodes, checkPods, checkPolicies, checkServices } from './reach.ts';
import { type Started, untilStarted } from './site.ts';
import { addressesOf } from './subject.ts';
import type { Target } from './target.ts';

/** What is asked of a test. */
export interface Wish {
  readonly target: Target | undefined;
  /** How long packets are sent and counted, in seconds. */
  readonly seconds: number;
  /** Whether the active router is killed meanwhile. */
  readonly disrupts: boolean;
}

/** Tells what happens just now. */
export type Tell = (text: string) => void;

/** So many nodes have a client of a test each. */
export const MOST_NODES = MOST_CLIENTS;
/** When the router is killed, in seconds after packets are sent; the rest is for its return. */
const BEFORE = 3;

/** Tests a network by pods that {@link Stage} has, which have been made. */
export async function verify(cluster: ClusterClient, stage: Stage, wish: Wish, tell: Tell): Promise<Report> {
  const { subject } = stage;
  tell(`starting pods on ${stage.nodes.join(', ')}`);
  const started = await untilStarted(cluster, stage.namespace);
  const { clients, watchers, service, checks } = await enter(cluster, stage, started);
  if (clients.length === 0)
    return reportOf(stage, [...checks, ...untested(checks, 'no pod has started on the network')]);

  tell('asking for names, Services and pods');
  const server = started.get(SERVER);
  const isServed = server !== undefined && server.reason === undefined;
  checks.push(await checkNames(clients, subject));
  if (isServed) checks.push(await checkServices(cluster, clients, service), await checkPods(clients));
  checks.push(await checkPolicies(clients, addressesOf(started.get(CLOSED)?.pod ?? {})));
  tell('asking the gateway');
  checks.push(...(await checkGateway(clients, subject)), await checkNodes(clients, subject));
  checks.push(await checkEgress(clients, watchers, subject, wish.target));
  checks.push(...(await goAround(cluster, stage, clients, watchers, wish, tell)));
  return reportOf(stage, [...checks, ...untested(checks, 'the pod without the network has not started')]);
}

/** What there is to test with, and what its start says. */
async function enter(cluster: ClusterClient, stage: Stage, started: ReadonlyMap<string, Started>) {
  const at = (name: string) => started.get(name)?.pod ?? {};
  const wrong = [...started].flatMap(([name, { reason }]) => (reason === undefined ? [] : [`${name}: ${reason}`]));
  const readyOf = (nameOf: (index: number) => string) =>
    [...stage.nodes.keys()].filter((index) => {
      const pod = started.get(nameOf(index));
      return pod !== undefined && pod.reason === undefined;
    });
  const ready = readyOf(clientName);
  const path = `/api/v1/namespaces/${stage.namespace}/services/${SERVER}`;
  const service = (await cluster.read<V1Service>(path)) ?? {};
  const clients = await Promise.all(
    ready.map(async (index) => {
      const other = at(clientName(ready.find((one) => one !== index) ?? index));
      return testClient(cluster, index, { own: at(clientName(index)), server: at(SERVER), service, other });
    }),
  );
  const watchers = readyOf(watcherName).map((index) => testPod(cluster, at(watcherName(index))));
  const bare = clients.filter((client) => client.addresses.length === 0);
  const unattached = bare.map(({ id, node }) => `${id.pod}: Multus on ${node} has not attached it to the network`);
  const addresses = clients.map((client) => `${client.addresses.join(' and ')} on ${client.node}`).join(', ');
  const checks: Check[] = [judged('start', [...wrong, ...unattached], addresses)];
  return { clients, watchers, service, checks };
}

/** Sends in all ways while packets are counted on the nodes, and kills the router meanwhile, where that is wished. */
async function goAround(
  cluster: ClusterClient,
  { range, subject, nodes }: Stage,
  clients: readonly TestClient[],
  watchers: readonly TestPod[],
  { seconds, disrupts }: Wish,
  tell: Tell,
): Promise<readonly Check[]> {
  const none = (why: string) => (['routes', 'eth0', 'failover'] as const).map((id) => notTested(id, why));
  if (FAMILIES.every((family) => range[family] === undefined)) {
    return none('spec.cluster.cidrs lets clients send by eth0 to all addresses that nobody has');
  }
  const deaf = nodes.filter((node) => watchers.every((watcher) => watcher.node !== node));
  const blind = [...deaf, ...(await blindNodes(cluster, watchers, range))];
  if (blind.length > 0) return none(`packets cannot be counted on ${blind.join(', ')}`);
  const seen = clients.filter(({ end }) => end !== undefined);
  if (seen.length === 0) return none('eth0 of the clients has no end on the node, as with macvlan and SR-IOV');
  tell(`sending in all ways for ${seconds} s`);
  const router = disrupts ? subject.active : undefined;
  const [tour, answers] = await Promise.all([
    tryAll(cluster, seen, watchers, range, seconds),
    router ? listen(clients, subject, seconds) : [],
    router &&
      sleep(BEFORE * 1000).then(async () => {
        tell(`deleting the router ${router.pod} on ${router.node}`);
        await killRouter(cluster, subject, router);
      }),
  ]);
  const around = [...tour.seen.leaked, ...tour.seen.usual];
  return [
    ...judgeTour(tour, seen),
    router ? judgeFailover(router, answers, around, seconds) : notTested('failover', 'only with --disrupt'),
  ];
}

/** Checks that were not made, and why. */
function untested(checks: readonly Check[], why: string): readonly Check[] {
  const made = new Set(checks.map(({ id }) => id));
  return (Object.keys(TITLES) as CheckId[]).filter((id) => !made.has(id)).map((id) => notTested(id, why));
}

function reportOf({ subject }: Stage, checks: readonly Check[]): Report {
  const order = Object.keys(TITLES);
  const { namespace, name } = subject;
  return {
    namespace,
    name,
    ok: checks.every(({ result }) => result !== 'failed'),
    checks: checks.toSorted((one, other) => order.indexOf(one.id) - order.indexOf(other.id)),
  };
}
