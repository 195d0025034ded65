import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run, tryRun } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, startAgent, untilReady } from './bed/installation.ts';
import { lossesWhile } from './bed/losses.ts';
import { render } from './bed/manifests.ts';
import type { Node } from './bed/node.ts';
import { describeDatapath } from './bed/requirements.ts';
import { isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';

const BOTH = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };
const EVERYWHERE = [INTERNET.IPv4, INTERNET.IPv6];
const ROUTER_NODE = 2;

async function prepare(cluster: Cluster, name = 'multi-node', fields: Readonly<Record<string, unknown>> = BOTH) {
  await startEchoServer(cluster.underlay.internet);
  const installation = install(cluster, example(name, fields), ROUTER_NODE);
  await untilReady([...installation.agents, ...installation.routers]);
  return installation;
}

/** Rolls the agents one after another: the new one is ready before the old one goes. */
async function roll({ cluster, agents }: Installation, source: string): Promise<void> {
  const manifests = render(source);
  const [set] = manifests.daemonSets;
  if (!set) throw new Error('there is no DaemonSet');
  for (const [index, node] of cluster.nodes.entries()) {
    const successor = startAgent(cluster, manifests, set, node);
    await untilReady([successor]);
    await agents[index]?.remove();
    agents[index] = successor;
  }
}

/** Everything of a node that a network could leave something in, except for what counts. */
function traces({ namespace }: Node): string {
  const commands = [
    'ip -o link show | sed "s/^[0-9]*: //"',
    'nft -s list ruleset',
    'iptables-legacy-save | grep -v "^[#:]"',
    'ip6tables-legacy-save | grep -v "^[#:]"',
  ];
  return commands.map((command) => tryRun(namespace, command) ?? '').join('\n');
}

/** The ports of pods on the network's bridge that its agent has not seen yet. */
function newPorts({ namespace }: Node): string {
  return run(namespace, 'ip -o link show type veth master br-vpn-4gfy37 group default');
}

/** By which an agent finds that one before it has loaded a set of rules; some seconds after the last pod has come. */
function marks({ namespace }: Node): readonly string[] {
  return run(namespace, 'nft list chains').match(/as_loaded_/g) ?? [];
}

describeDatapath('not a packet is lost when', () => {
  it('the agents are rolled', async () => {
    using cluster = createCluster();
    const installation = await prepare(cluster);
    const clients = [1, 2].map((number) => startClient(installation, number));
    const links = cluster.nodes.map(({ namespace }) => run(namespace, 'ip -o link | grep -o "^[0-9]*: .*-4gfy37"'));
    expect(await lossesWhile(clients, EVERYWHERE, () => roll(installation, example('multi-node', BOTH)))).toEqual([]);
    expect(cluster.nodes.map(({ namespace }) => run(namespace, 'ip -o link | grep -o "^[0-9]*: .*-4gfy37"'))).toEqual(
      links,
    );
  });

  it('the agents are rolled to another specification', async () => {
    using cluster = createCluster();
    const installation = await prepare(cluster);
    const clients = [1, 2].map((number) => startClient(installation, number));
    const changed = example('multi-node', { ...BOTH, clientIsolation: 'Enabled' });
    expect(await lossesWhile(clients, EVERYWHERE, () => roll(installation, changed))).toEqual([]);
  });

  it('the agents are killed and started again', async () => {
    using cluster = createCluster();
    const installation = await prepare(cluster);
    const { agents } = installation;
    const clients = [1, 2].map((number) => startClient(installation, number));
    await eventually(() => cluster.nodes.forEach((node) => expect(newPorts(node)).toBe('')));
    await eventually(() => cluster.nodes.forEach((node) => expect(marks(node)).toHaveLength(4)));
    const losses = await lossesWhile(clients, EVERYWHERE, async () => {
      for (const agent of agents) await agent.kill('SIGKILL');
      await setTimeout(500);
      for (const agent of agents) agent.restart();
      await untilReady(agents);
    });
    expect(losses).toEqual([]);
    // They have found everything as wanted, and changed nothing.
    expect(agents.map((agent) => agent.log())).toEqual(agents.map(() => 'ready\n'));
  });

  it('the container of the router is killed and started again', async () => {
    using cluster = createCluster();
    const installation = await prepare(cluster);
    const { routers } = installation;
    const clients = [1, 2].map((number) => startClient(installation, number));
    const rules = run(routers[0]?.namespace ?? '', 'nft -s list ruleset; ip addr show net1');
    const losses = await lossesWhile(clients, EVERYWHERE, async () => {
      for (const router of routers) {
        await router.kill('SIGKILL');
        await setTimeout(500);
        router.restart();
      }
      await untilReady(routers);
    });
    expect(losses).toEqual([]);
    expect(run(routers[0]?.namespace ?? '', 'nft -s list ruleset; ip addr show net1')).toBe(rules);
  });
});

describeDatapath('a network that is removed leaves nothing', () => {
  it.each(['clients', 'agents'])('when the %s go first', async (first) => {
    using cluster = createCluster();
    const before = cluster.nodes.map(traces);
    const { agents, routers, ...rest } = await prepare(cluster);
    const clients = [1, 2].map((number) => startClient({ ...rest, agents, routers }, number));
    const goPods = async () => {
      for (const client of clients) client.remove();
      for (const router of routers) await router.remove();
    };
    if (first === 'clients') await goPods();
    const gone = Promise.all(agents.map((agent) => agent.remove()));
    await setTimeout(500);
    if (first === 'agents') {
      expect(run(cluster.nodes[0]?.namespace ?? '', 'ip link')).toContain('br-vpn-4gfy37');
      await goPods();
    }
    await gone;
    expect(cluster.nodes.map(traces)).toEqual(before);
  });
});

describeDatapath('two networks on the same nodes', () => {
  it('do not meet', async () => {
    using cluster = createCluster();
    const installation = await prepare(cluster, 'two-networks', {});
    const { routers } = installation;
    expect(routers).toHaveLength(2);
    const one = startClient(installation, 1, 'client');
    const other = startClient(installation, 1, 'scanner');
    for (const { namespace } of [one, other]) {
      expect(isAnswered(await tryTraffic(namespace, [INTERNET.IPv4]))).toBe(true);
    }
    // Neither the other's clients nor its router answer on a client's own network.
    const [mine = ''] = one.networkAddresses;
    for (const address of [...other.networkAddresses, '192.168.51.1']) {
      run(one.namespace, `ip route replace ${address} dev net1 src ${mine}`);
      expect(tryRun(one.namespace, `ping -n -c 2 -i 0.2 -W 1 -I net1 ${address}`)).toBeUndefined();
    }
  });
});

describeDatapath('a node that starts again', () => {
  it('has its network again, and its new pods reach the router', async () => {
    using cluster = createCluster();
    const installation = await prepare(cluster);
    const { agents, manifests } = installation;
    const [node] = cluster.nodes;
    const [set] = manifests.daemonSets;
    if (!node || !set) throw new Error('nothing to start again');
    await agents[0]?.kill('SIGKILL');
    cluster.reboot(node);
    agents[0] = startAgent(cluster, manifests, set, node);
    await untilReady(agents);
    const client = startClient(installation, 1);
    await eventually(() => expect(tryRun(client.namespace, 'ping -n -c 1 -W 1 192.168.50.1')).toBeDefined());
    expect(isAnswered(await tryTraffic(client.namespace, EVERYWHERE))).toBe(true);
  });
});
