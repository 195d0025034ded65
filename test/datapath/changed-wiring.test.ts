import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run, tryRun } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, nodeOf, startAgent, startRouter, untilReady } from './bed/installation.ts';
import { lossesWhile } from './bed/losses.ts';
import { render } from './bed/manifests.ts';
import { describeDatapath } from './bed/requirements.ts';
import { startEchoServer, transfer } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';

const ROUTER_NODE = 2;

async function prepare(cluster: Cluster): Promise<Installation> {
  await startEchoServer(cluster.underlay.internet);
  const installation = install(cluster, example('multi-node'), ROUTER_NODE);
  await untilReady([...installation.agents, ...installation.routers]);
  return installation;
}

/** The same network with other manifests: nothing of it is running yet. */
function changed(installation: Installation, fields: Readonly<Record<string, unknown>>): Installation {
  return { ...installation, manifests: render(example('multi-node', fields)) };
}

/** Rolls the agents one after another: the new one is ready before the old one goes. */
async function rollAgents({ cluster, manifests, agents }: Installation): Promise<void> {
  const [set] = manifests.daemonSets;
  if (!set) throw new Error('there is no DaemonSet');
  for (const [index, node] of cluster.nodes.entries()) {
    const successor = startAgent(cluster, manifests, set, node);
    await eventually(() => expect(successor.probe()).toMatchObject({ status: 0 }));
    await agents[index]?.remove();
    agents[index] = successor;
  }
}

/** Replaces the router: the old one goes first. */
async function rollRouter({ cluster, manifests, routers }: Installation): Promise<void> {
  const deployment = manifests.deployments.find(({ metadata }) => metadata?.name === 'vpn-router-0');
  if (!deployment) throw new Error('there is no router');
  await routers[0]?.remove();
  routers[0] = startRouter(cluster, manifests, deployment, nodeOf(cluster, ROUTER_NODE));
}

/** The ConfigMap of the router's pods: with another name, they are replaced. */
const configOf = ({ manifests }: Installation): unknown =>
  manifests.deployments
    .find(({ metadata }) => metadata?.name === 'vpn-router-0')
    ?.spec?.template.spec?.volumes?.find(({ name }) => name === 'config')?.configMap?.name;

/** What the bridge and the VXLAN were called before. */
const OLD = /(?:br|vx)-vpn-4gfy37/;

const mtuOf = (namespace: string): string => run(namespace, 'cat /sys/class/net/net1/mtu').trim();

describeDatapath('where nothing but the attachments changes', () => {
  it('a lower MTU comes to routers and agents, and clients that are older are counted until they are made anew', async () => {
    using cluster = createCluster();
    const before = await prepare(cluster);
    const clients = [1, 2].map((number) => startClient(before, number));
    const download = async (): Promise<boolean[]> =>
      Promise.all(clients.map(({ namespace }) => transfer(namespace, INTERNET.IPv4, 20e6)));
    expect(await download()).toEqual([true, true]);

    const after = changed(before, { 'overlay.underlay': { mtu: 1450 } });
    expect(configOf(after)).toBe(configOf(before));
    await rollAgents(after);
    const notes = () => after.agents.map((agent) => agent.probe().output.trim());
    // The router's old port does not count: it takes another MTU by itself.
    expect(notes()).toEqual(Array(2).fill('ready; 1 pod has the MTU 1450, not 1400: make it anew'));
    await rollRouter(after);
    await untilReady(after.routers);
    expect(mtuOf(after.routers[0]?.namespace ?? '')).toBe('1400');
    // From now on TCP of old clients fits: the router tells both ends.
    expect(await download()).toEqual([true, true]);
    for (const [index, client] of clients.entries()) {
      await eventually(() => expect(notes()[index]).toBe('ready; 1 pod has the MTU 1450, not 1400: make it anew'));
      client.remove();
      clients[index] = startClient(after, index + 1);
      await eventually(() => expect(notes()[index]).toBe('ready'));
    }
    expect(clients.map(({ namespace }) => mtuOf(namespace))).toEqual(['1400', '1400']);
    expect(await download()).toEqual([true, true]);
    for (const { namespace } of cluster.nodes)
      expect(run(namespace, 'ip -o link')).not.toContain('mtu 1450 qdisc noqueue master');
  });

  it('other names of bridge and VXLAN cost the pods a moment on each node, and nothing of the old ones is left', async () => {
    using cluster = createCluster({ nodes: 3 });
    const before = await prepare(cluster);
    const clients = [1, 2].map((number) => startClient(before, number));
    const after = changed(before, { interfaces: { bridge: 'br-new', vxlan: 'vx-new' } });
    expect(configOf(after)).not.toBe(configOf(before));

    const losses = await lossesWhile(clients, [INTERNET.IPv4], () => rollAgents(after));
    // Each client sends 60 times a second. It waits once for its own node and once for the router's: 0.1 to 0.7 s.
    expect(losses.length).toBeLessThan(2 * 2 * 60 * 2);
    for (const { namespace } of cluster.nodes) {
      const links = run(namespace, 'ip -o link; nft list ruleset');
      expect(links).not.toMatch(OLD);
      expect(links).toContain('vx-new');
    }
    await rollRouter(after);
    await untilReady(after.routers);
    for (const [index, client] of clients.entries()) {
      expect(await transfer(client.namespace, INTERNET.IPv4, 20e6)).toBe(true);
      client.remove();
      clients[index] = startClient(after, index + 1);
      expect(await transfer(clients[index].namespace, INTERNET.IPv4, 20e6)).toBe(true);
    }
    for (const { namespace } of cluster.nodes) expect(run(namespace, 'ip -o link')).not.toMatch(OLD);
    expect(after.agents.map((agent) => agent.probe().output.trim())).toEqual(['ready', 'ready', 'ready']);
  });

  it('a router that comes before the agents have the new names is on the old bridge, and moves with it', async () => {
    using cluster = createCluster();
    const before = await prepare(cluster);
    const client = startClient(before, 1);
    const after = changed(before, { interfaces: { bridge: 'br-new', vxlan: 'vx-new' } });
    await rollRouter(after);
    await untilReady(after.routers);
    expect(await transfer(client.namespace, INTERNET.IPv4, 20e6)).toBe(true);
    await rollAgents(after);
    await untilReady(after.routers);
    expect(await transfer(client.namespace, INTERNET.IPv4, 20e6)).toBe(true);
    for (const { namespace } of cluster.nodes) expect(run(namespace, 'ip -o link')).not.toMatch(OLD);
  });

  it('a router on a node without an agent is not ready, and says why', async () => {
    using cluster = createCluster();
    const installation = await prepare(cluster);
    const client = startClient(installation, 1);
    const agent = installation.agents[ROUTER_NODE - 1];
    await agent?.kill('SIGKILL');
    await rollRouter(installation);
    const [router] = installation.routers;
    await eventually(() => expect(router?.probe().output).toContain("not ready: the network's bridge does not answer"));
    expect(tryRun(client.namespace, 'ping -n -c 1 -W 1 192.168.50.1')).toBeUndefined();
    agent?.restart();
    await untilReady(installation.routers);
    expect(await transfer(client.namespace, INTERNET.IPv4, 20e6)).toBe(true);
  });
});
