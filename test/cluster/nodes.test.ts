import { beforeAll, expect, it } from 'vitest';
import { isAnswered, outage, startEchoServer, startTraffic, tryTraffic } from '../datapath/bed/traffic.ts';
import { NAMESPACE, ROUTERS } from './accidents.ts';
import type { Cluster } from './cluster.ts';
import { describeCluster } from './describe.ts';
import { EVERYWHERE } from './figures.ts';
import { install, untilReady } from './installation.ts';
import type { Node } from './node.ts';
import { allocations } from './node-state.ts';
import { clients, type Pod, pods } from './pods.ts';
import { until } from './process.ts';
import { countAround, senders } from './senders.ts';

/** Waits until the clients of a node are on the network, and gives how long that took, in milliseconds. */
async function untilClientsAreBack(cluster: Cluster, node: Node): Promise<number> {
  const begin = Date.now();
  await until(`the client of ${node.name} on the network`, 90, async () => {
    const all = (await pods(cluster, 'apps', 'app=client')).filter((pod) => pod.node === node);
    const [client] = all;
    return client !== undefined && isAnswered(await tryTraffic(client.namespace, EVERYWHERE));
  });
  return Date.now() - begin;
}

/** Has the whereabouts of a node look for the pods of all addresses that are taken, every few seconds. */
async function reconcileOften({ kubectl }: Cluster, { name }: Node): Promise<void> {
  const system = ['-n', 'kube-system'];
  const patch = JSON.stringify({ data: { 'cron-expression': '@every 3s' } });
  await kubectl([...system, 'patch', 'configmap', 'whereabouts-config', '-p', patch]);
  await kubectl([
    ...system,
    'delete',
    'pod',
    '--grace-period=1',
    '-l',
    'app=whereabouts',
    '--field-selector',
    `spec.nodeName=${name}`,
  ]);
}

async function router(cluster: Cluster): Promise<Pod> {
  return until('a router', 60, async () => (await pods(cluster, NAMESPACE, ROUTERS))[0]);
}

describeCluster('a node', {}, (cluster) => {
  const manifests = senders('multi-node', { subnets: ['192.168.50.0/24', 'fd00:50::/64'] });
  beforeAll(async () => {
    await startEchoServer(cluster().underlay.internet);
    await install(cluster(), manifests);
  }, 120_000);

  /** The router's node, and the other. */
  const places = async (): Promise<readonly [Node, Node]> => {
    const { node } = await router(cluster());
    const other = cluster().nodes.find((one) => one !== node);
    if (other === undefined) throw new Error('there is one node');
    return [node, other];
  };

  it('with clients is restarted: they are on the network again by themselves, and send nothing around it', async () => {
    const [, node] = await places();
    await node.stop();
    node.start();
    const around = countAround(cluster(), node);
    const back = await untilClientsAreBack(cluster(), node);
    console.log(`clients of a restarted node: back after ${back} ms`);
    expect(around()).toBe(0);
    expect(back).toBeLessThan(30_000);
    await untilReady(cluster(), manifests);
  }, 180_000);

  it('with the router is restarted: all clients are on the network again, and send nothing around it', async () => {
    const [node, other] = await places();
    const counters = [countAround(cluster(), other)];
    await node.stop();
    node.start();
    counters.push(countAround(cluster(), node));
    const back = await Promise.all([node, other].map(async (one) => untilClientsAreBack(cluster(), one)));
    console.log(`clients after a restart of the router's node: back after ${back.join(' and ')} ms`);
    expect(counters.map((count) => count())).toEqual([0, 0]);
    expect(Math.max(...back)).toBeLessThan(30_000);
    await untilReady(cluster(), manifests);
  }, 180_000);

  it('with the router is lost: another router comes up, and what was lost is back when the node is', async () => {
    const [node, other] = await places();
    const all = await clients(cluster());
    const [lost, client] = [node, other].map((place) => all.find((one) => one.node === place));
    if (lost === undefined || client === undefined) throw new Error('a node has no client');
    const [address = ''] = lost.addresses('net1');
    const held = async () =>
      (await allocations(cluster())).filter((line) => line === address || line.includes(lost.name));
    const around = countAround(cluster(), other);
    const traffic = await startTraffic(client.namespace, EVERYWHERE);
    await node.stop();
    await until('another router', 90, async () => isAnswered(await tryTraffic(client.namespace, EVERYWHERE)));

    // Its pods' addresses stay taken, until the reconciler of whereabouts looks for their pods.
    await cluster().kubectl(['-n', 'apps', 'delete', 'pod', lost.name, '--force']);
    expect(await held()).not.toEqual([]);
    await reconcileOften(cluster(), other);
    await until('the end of its allocations', 60, async () => (await held()).length === 0);

    node.start();
    const aroundNode = countAround(cluster(), node);
    const back = await untilClientsAreBack(cluster(), node);
    await untilReady(cluster(), manifests);
    const outages = (await traffic.stop()).map(({ udp }) => outage(udp));
    console.log(
      `the router's node lost: out for ${outages.join(' and ')} ms; its clients back ${back} ms after its start`,
    );
    expect([around(), client.strays(), aroundNode()]).toEqual([0, 0, 0]);
    expect(Math.max(...outages)).toBeLessThan(60_000);
    expect(back).toBeLessThan(30_000);
  }, 240_000);
});
