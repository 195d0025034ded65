import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { type Installation, nodeOf, publishPeers, startAgent, untilReady } from './bed/installation.ts';
import { lossesWhile } from './bed/losses.ts';
import { render } from './bed/manifests.ts';
import type { Node } from './bed/node.ts';
import { describeDatapath } from './bed/requirements.ts';
import { INTERNET } from './bed/underlay.ts';
import { attack, prepare, type Scene, STRANGERS } from './strangers.ts';

const NAME = 'vpn-peers.egress.svc.cluster.local.';
/** Longer than several look-ups. */
const A_WHILE = 8000;

/** The nodes that the kernel of another one sends flooded frames to. */
function peers({ namespace }: Node): readonly string[] {
  const entries = run(namespace, 'bridge fdb show dev vx-vpn-4gfy37').matchAll(/^00:00:00:00:00:00 dst (\S+)/gm);
  return [...entries].map(([, address = '']) => address).toSorted();
}

const others = (cluster: Cluster, node: Node) =>
  cluster.nodes.filter((other) => other !== node).map(({ addresses }) => addresses.IPv4);

/** Says which nodes the name of the peers resolves to. */
const resolve = ({ cluster, manifests }: Installation, numbers: readonly number[]) =>
  publishPeers(
    cluster.dns,
    manifests,
    numbers.map((number) => nodeOf(cluster, number)),
  );

/** Starts a new agent on a node, which knows nothing of the one that was killed there. */
async function renewAgent({ cluster, manifests, agents }: Scene, number: number): Promise<void> {
  const [set] = manifests.daemonSets;
  await agents[number - 1]?.kill('SIGKILL');
  if (set) agents[number - 1] = startAgent(cluster, manifests, set, nodeOf(cluster, number));
}

describeDatapath('agents believe only what names their own node:', () => {
  it('a wildcard in a search domain of the nodes brings no stranger in, at the start or later', async () => {
    using cluster = createCluster({ nodes: 2, wildcard: { domain: 'corp.example', address: '172.18.0.99' } });
    const manifests = render(example('multi-node'));
    const [set] = manifests.daemonSets;
    const agents = set ? cluster.nodes.map((node) => startAgent(cluster, manifests, set, node)) : [];
    await setTimeout(5000);
    for (const [index, node] of cluster.nodes.entries()) {
      expect(peers(node)).toEqual([]);
      const reason = `not ready: the peers are not known: ${NAME} has not resolved to an IPv4 address yet`;
      expect(agents[index]?.probe().output).toBe(reason);
    }
    publishPeers(cluster.dns, manifests, cluster.nodes);
    await untilReady(agents);
    cluster.dns.write([]);
    await setTimeout(A_WHILE);
    for (const [index, node] of cluster.nodes.entries()) {
      expect(peers(node)).toEqual(others(cluster, node));
      const reason = `ready; ${NAME} does not resolve to an IPv4 address: the known peers are kept`;
      expect(agents[index]?.probe().output).toBe(reason);
    }
  });

  it('an answer of somebody else is none, at the start or later', async () => {
    using cluster = createCluster({ nodes: 2 });
    const forged = [`172.18.0.99 ${NAME.slice(0, -1)}`];
    const manifests = render(example('multi-node'));
    const [set] = manifests.daemonSets;
    cluster.dns.write(forged);
    const agents = set ? cluster.nodes.map((node) => startAgent(cluster, manifests, set, node)) : [];
    const reason = (own: string) => `${NAME} resolves to 172.18.0.99, but not to this node's own address ${own}`;
    for (const [index, { addresses }] of cluster.nodes.entries()) {
      const expected = `not ready: the peers are not known: ${reason(addresses.IPv4)}`;
      await eventually(() => expect(agents[index]?.probe().output).toBe(expected));
    }
    publishPeers(cluster.dns, manifests, cluster.nodes);
    await untilReady(agents);
    cluster.dns.write(forged);
    await setTimeout(A_WHILE);
    for (const [index, node] of cluster.nodes.entries()) {
      expect(peers(node)).toEqual(others(cluster, node));
      expect(agents[index]?.probe().output).toBe(`ready; ${reason(node.addresses.IPv4)}: the known peers are kept`);
    }
  });
});

describeDatapath('no live peer is removed, and not a packet is lost, when', () => {
  it('an agent starts anew and the first answers are partial', async () => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepare(cluster, 'multi-node');
    const losses = await lossesWhile(scene.clients, [INTERNET.IPv4], async () => {
      resolve(scene, [1]);
      await renewAgent(scene, 1);
      await setTimeout(A_WHILE);
      expect(peers(nodeOf(cluster, 1))).toEqual(['172.18.0.12', '172.18.0.13']);
      resolve(scene, [1, 2, 3]);
      await untilReady(scene.agents);
    });
    expect(losses).toEqual([]);
  });

  it('the name server is dead, for agents that start and for those that run; a node that knows nobody says so', async () => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepare(cluster, 'multi-node');
    const losses = await lossesWhile(scene.clients, [INTERNET.IPv4], async () => {
      cluster.dns[Symbol.dispose]();
      await renewAgent(scene, 1);
      const kept = `${NAME} has not resolved to an IPv4 address yet: the peers that the kernel remembers are kept`;
      await eventually(() => expect(scene.agents[0]?.probe().output).toBe(`ready; ${kept}`));
      await setTimeout(A_WHILE);
      for (const node of cluster.nodes) expect(peers(node)).toEqual(others(cluster, node));
    });
    expect(losses).toEqual([]);
    await scene.agents[2]?.kill('SIGKILL');
    run(nodeOf(cluster, 3).namespace, 'ip link del vx-vpn-4gfy37');
    const [set] = scene.manifests.daemonSets;
    if (!set) throw new Error('there is no DaemonSet');
    const agent = startAgent(cluster, scene.manifests, set, nodeOf(cluster, 3));
    const reason = `not ready: the peers are not known: ${NAME} has not resolved to an IPv4 address yet`;
    await eventually(() => expect(agent.probe().output).toBe(reason));
  });

  it('nodes come and go, agents are killed and start again, and a stranger tries all the while', async () => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepare(cluster, 'multi-node');
    const [, , third] = cluster.nodes;
    const host = STRANGERS['a host on the LAN']?.(scene);
    const [, , client] = scene.clients;
    if (!third || !host || !client) throw new Error('not enough nodes');
    const attacks = (milliseconds: number) => attack(scene, host, 'IPv4', {}, milliseconds);
    const near = { ...scene, clients: scene.clients.slice(0, 2) };
    let waited = 0;
    const losses = await lossesWhile(near.clients, [INTERNET.IPv4], async () => {
      const loot = attacks(16_000);
      // The third node goes, with its agent and its name, and comes again with nothing.
      await scene.agents[2]?.kill('SIGKILL');
      resolve(scene, [1, 2]);
      run(third.namespace, 'ip link del vx-vpn-4gfy37 && nft delete table inet gwn_egress.vpn_overlay');
      for (const number of [1, 2]) await renewAgent(scene, number);
      await untilReady(scene.agents.slice(0, 2));
      await renewAgent(scene, 3);
      resolve(scene, [1, 2, 3]);
      const published = Date.now();
      await eventually(() => run(client.namespace, 'ping -n -c 1 -W 1 192.168.50.1'));
      waited = Date.now() - published;
      for (const agent of scene.agents) await agent.kill('SIGKILL');
      await setTimeout(2000);
      for (const agent of scene.agents) agent.restart();
      await untilReady(scene.agents);
      expect(await loot).toEqual({ in: 0, out: 0, believed: 0 });
    });
    expect(losses).toEqual([]);
    expect(waited).toBeLessThan(15_000);
  });
});
