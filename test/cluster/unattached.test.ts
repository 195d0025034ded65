import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { tryRun } from '../agent/namespace.ts';
import { isAnswered, startEchoServer, tryTraffic } from '../datapath/bed/traffic.ts';
import { NAMESPACE, ROUTERS } from './accidents.ts';
import type { Cluster } from './cluster.ts';
import { describeCluster } from './describe.ts';
import { EVERYWHERE } from './figures.ts';
import { apply, install } from './installation.ts';
import { pods } from './pods.ts';
import { until } from './process.ts';
import { countAround, senders } from './senders.ts';
import {
  guardsOf,
  hasRenewed,
  isGuarding,
  KINDS,
  startAgents,
  startMultus,
  stopAgents,
  stopMultus,
  workloadsOn,
} from './unattached.ts';

const FIELDS = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };
const UNGUARDED = { ...FIELDS, clients: [{ selector: { matchLabels: { egress: 'vpn' } }, guard: 'Disabled' }] };

describeCluster('a client that Multus does not attach', {}, (cluster) => {
  const manifests = senders('multi-node', FIELDS);
  beforeAll(async () => {
    await startEchoServer(cluster().underlay.internet);
    await install(cluster(), manifests);
  }, 120_000);

  it('does not start before an agent holds it at its primary interface', async () => {
    const [node] = cluster().nodes;
    if (node === undefined) throw new Error('there is no node');
    const early = workloadsOn(node, manifests, ['Deployment']).replaceAll('deployment', 'early');
    await stopAgents(cluster());
    await apply(cluster(), early);
    await until('the guard', 60, () => isGuarding(cluster(), 'early'));
    await setTimeout(3000);
    expect(await isGuarding(cluster(), 'early')).toBe(true);
    const begin = Date.now();
    await startAgents(cluster());
    await until('a pod on the network', 60, async () => {
      const [pod] = await pods(cluster(), 'apps', 'app=early');
      return (
        pod !== undefined &&
        !(await isGuarding(cluster(), 'early')) &&
        isAnswered(await tryTraffic(pod.namespace, EVERYWHERE))
      );
    });
    console.log(`on the network ${Date.now() - begin} ms after the agents were let on the nodes again`);
    await cluster().kubectl(['delete', '-f', '-'], early);
  }, 180_000);

  it('sends nothing, and is made anew until it is attached', async () => {
    const [router] = await pods(cluster(), NAMESPACE, ROUTERS);
    const node = cluster().nodes.find((one) => one !== router?.node);
    if (node === undefined) throw new Error('there is one node');

    await stopMultus(cluster());
    // Its clients of before get new sandboxes, and others are made.
    await node.stop();
    const start = Date.now();
    node.start();
    const around = countAround(cluster(), node);
    // Before its kubelet knows the node it refuses pods, and a DaemonSet waits longer after each.
    await until('the kubelet', 60, () => hasRenewed(cluster(), node, start));
    await apply(cluster(), workloadsOn(node, manifests));
    const apps = ['client', ...KINDS.map((kind) => kind.toLowerCase())];
    for (const app of apps) {
      await until(`the guard of ${app}`, 90, async () =>
        (await guardsOf(cluster(), app)).some((words) =>
          words.startsWith(
            'this pod is not attached to the network egress/vpn, so it does not start: there is no interface',
          ),
        ),
      );
    }
    expect(around()).toBe(0);

    // Without the guard they run, and go by their node.
    const open = workloadsOn(node, senders('multi-node', UNGUARDED), ['Deployment']).replaceAll('deployment', 'open');
    await apply(cluster(), open);
    await until('packets around the gateway', 60, () => around() > 0);
    await cluster().kubectl(['delete', '-f', '-'], open);
    await cluster().kubectl(['-n', 'apps', 'wait', '--for=delete', 'pod', '-l', 'app=open', '--timeout=60s']);

    await startMultus(cluster());
    const later = countAround(cluster(), node);
    const begin = Date.now();
    // The pod of before the restart is slower: the kubelet has not told its state yet.
    for (const app of apps.slice(1)) {
      await told(cluster(), app, `${app} on the network`, async () => {
        // A pod of before the node's restart counts as running, and has no network yet: nothing is sent from there.
        const attached = (await pods(cluster(), 'apps', `app=${app}`)).filter(
          (one) => one.node === node && tryRun(one.namespace, 'ip link show dev net1') !== undefined,
        );
        const [pod] = attached;
        return pod !== undefined && isAnswered(await tryTraffic(pod.namespace, EVERYWHERE));
      });
      console.log(`${app}: on the network ${Date.now() - begin} ms after Multus was back`);
    }
    expect(later()).toBe(0);
    const columns = 'jsonpath={range .items[*]}{.metadata.name} {.status.reason} {.status.message}{"\\n"}{end}';
    const failed = ['--field-selector', 'status.phase=Failed', '-o', columns];
    const evicted = await cluster().kubectl(['-n', 'apps', 'get', 'pods', ...failed]);
    console.log(evicted);
  }, 600_000);
});

/** Waits until something is so, and else says what has become of the pods of a workload. */
async function told(cluster: Cluster, app: string, what: string, ask: () => Promise<boolean>): Promise<void> {
  try {
    await until(what, 300, ask);
  } catch (error) {
    const columns =
      'custom-columns=N:.metadata.name,P:.status.phase,R:.status.reason,M:.status.message,I:.status.initContainerStatuses[*].state';
    const seen = await cluster.kubectl(['-n', 'apps', 'get', 'pods', '-l', `app=${app}`, '-o', columns]);
    const events = await cluster.kubectl(['-n', 'apps', 'get', 'events', '--sort-by=.lastTimestamp']);
    throw new Error(
      `${seen}\n${events
        .split('\n')
        .filter((line) => line.includes(app))
        .join('\n')}`,
      { cause: error },
    );
  }
}
