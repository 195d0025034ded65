import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { cniPlugins } from '../engines/tool.ts';
import { run, tryRun } from '../agent/namespace.ts';
import { type Client, leaks, startClient } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';

const BOTH = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };
const BRIDGE = 'br-vpn-4gfy37';
const [, newest] = cniPlugins();
const EVERYWHERE = [INTERNET.IPv4, INTERNET.IPv6];

interface Scene extends Installation {
  /** Two on the first node, one on the second, where the router is. */
  readonly clients: readonly [Client, Client, Client];
}

async function prepare(cluster: Cluster, fields: Readonly<Record<string, unknown>>): Promise<Scene> {
  await startEchoServer(cluster.underlay.internet);
  const installation = install(cluster, example('multi-node', fields), 2);
  await untilReady([...installation.agents, ...installation.routers]);
  const [one, two, three] = [1, 1, 2].map((number) => startClient(installation, number)) as [Client, Client, Client];
  return { ...installation, clients: [one, two, three] };
}

/** How many packets or frames the rules with a comment have dropped in a namespace. */
function dropped(namespace: string, comment: string): number {
  const lines = run(namespace, 'nft list ruleset').split('\n');
  const rules = lines.filter((line) => line.includes(`comment "${comment}"`) && line.includes(' drop '));
  expect(rules, comment).not.toHaveLength(0);
  return rules.reduce((sum, rule) => sum + Number(/counter packets (\d+)/.exec(rule)?.[1] ?? 0), 0);
}

const pings = (client: Client, address: string): boolean =>
  tryRun(client.namespace, `ping -n -c 2 -i 0.2 -W 1 ${address}`) !== undefined;

describeDatapath('a client', () => {
  it("reaches the node neither by its address nor by the bridge's MAC", async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster, BOTH);
    const [client] = scene.clients;
    const [node] = cluster.nodes;
    const host = node?.namespace ?? '';
    run(
      client.namespace,
      `ip route add ${node?.addresses.IPv4} dev net1; ip -6 route add ${node?.addresses.IPv6} dev net1`,
    );
    expect(pings(client, node?.addresses.IPv4 ?? '')).toBe(false);
    expect(pings(client, node?.addresses.IPv6 ?? '')).toBe(false);
    expect(dropped(host, 'arp-to-node')).toBeGreaterThan(0);

    const mac = /link\/ether (\S+)/.exec(run(host, `ip link show ${BRIDGE}`))?.[1] ?? '';
    const before = dropped(host, 'to-node');
    for (const address of Object.values(node?.addresses ?? {})) {
      run(client.namespace, `ip neigh replace ${address} lladdr ${mac} dev net1`);
      expect(pings(client, address)).toBe(false);
    }
    expect(dropped(host, 'to-node')).toBeGreaterThan(before);
  });

  it('does not leave by the node', async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster, BOTH);
    const [client] = scene.clients;
    const host = cluster.nodes[0]?.namespace ?? '';
    const mac = /link\/ether (\S+)/.exec(run(host, `ip link show ${BRIDGE}`))?.[1] ?? '';
    for (const gateway of ['192.168.50.1', 'fd00:50::1']) {
      run(client.namespace, `ip neigh replace ${gateway} lladdr ${mac} dev net1 nud permanent`);
    }
    expect((await tryTraffic(client.namespace, EVERYWHERE)).some((report) => isAnswered([report]))).toBe(false);
    expect(dropped(host, 'out-through-node')).toBeGreaterThan(0);
    expect(leaks(scene, [client])).toBe(0);
  });

  it('sends nothing with a source that is not of the network', async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster, BOTH);
    const [client] = scene.clients;
    // It knows the gateway's MAC address already, or it would ask for it from the wrong address, which is dropped, too.
    expect(isAnswered(await tryTraffic(client.namespace, EVERYWHERE))).toBe(true);
    run(client.namespace, 'ip addr add 198.51.100.7/32 dev net1; ip addr add 2001:db8:7::7/128 dev net1 nodad');
    for (const [source, address] of [
      ['198.51.100.7', INTERNET.IPv4],
      ['2001:db8:7::7', INTERNET.IPv6],
    ] as const) {
      tryRun(client.namespace, `ping -n -c 2 -i 0.2 -W 1 -I ${source} ${address}`);
    }
    expect(dropped(client.node.namespace, 'spoofed-source')).toBeGreaterThan(0);
    expect(dropped(client.node.namespace, 'spoofed-source')).toBeGreaterThan(0);
    run(client.namespace, 'ip addr del 198.51.100.7/32 dev net1; ip addr del 2001:db8:7::7/128 dev net1');
    expect(isAnswered(await tryTraffic(client.namespace, EVERYWHERE))).toBe(true);
  });

  it.each([0, 2])('is not taken for the gateway when it says so (client %i)', async (index) => {
    using cluster = createCluster();
    const scene = await prepare(cluster, BOTH);
    const [victim] = scene.clients;
    const attacker = scene.clients[index === 0 ? 1 : 2];
    const host = attacker.node.namespace;
    expect(isAnswered(await tryTraffic(victim.namespace, EVERYWHERE))).toBe(true);
    // Its requests to the victim have the gateway's address for a source, and it answers for it.
    run(
      attacker.namespace,
      `ip addr add 192.168.50.1/24 dev net1; ip addr add fd00:50::1/64 dev net1 nodad
       ping -n -c 3 -i 0.2 -W 1 -I 192.168.50.1 ${victim.networkAddresses[0]}
       ping -n -c 3 -i 0.2 -W 1 -I fd00:50::1 ${victim.networkAddresses[1]}
       true`,
    );
    run(victim.namespace, 'ip neigh flush dev net1');
    expect(isAnswered(await tryTraffic(victim.namespace, EVERYWHERE))).toBe(true);
    const mac = /link\/ether (\S+)/.exec(run(scene.routers[0]?.namespace ?? '', 'ip link show net1'))?.[1];
    expect(run(victim.namespace, 'ip neigh show 192.168.50.1 dev net1')).toContain(mac);
    expect(run(victim.namespace, 'ip neigh show fd00:50::1 dev net1')).toContain(mac);
    expect(dropped(host, 'spoofed-arp-address')).toBeGreaterThan(0);
    expect(dropped(host, 'spoofed-source')).toBeGreaterThan(0);
  });
});

describeDatapath('clients', () => {
  it.each([
    ['Enabled, from the start with the newest plugins', 'Enabled', newest?.path, 0],
    ["Enabled, with Debian's plugins once the agent has seen them", 'Enabled', undefined, 2],
    ['Disabled', 'Disabled', undefined, 0],
  ] as const)('reach each other only where nothing isolates them (%s)', async (_, clientIsolation, plugins, seen) => {
    using cluster = createCluster(plugins === undefined ? {} : { plugins });
    const { clients, agents } = await prepare(cluster, { ...BOTH, clientIsolation });
    const [one, two, three] = clients;
    await eventually(() => {
      expect((agents[0]?.log().match(/group of the network/g) ?? []).length).toBeGreaterThanOrEqual(seen);
    });
    for (const other of [two, three]) {
      for (const address of other.networkAddresses) {
        expect(pings(one, address)).toBe(clientIsolation === 'Disabled');
      }
    }
    for (const { namespace } of clients) expect(isAnswered(await tryTraffic(namespace, EVERYWHERE))).toBe(true);
    if (seen > 0) expect(dropped(one.node.namespace, 'client-isolation')).toBeGreaterThan(0);
  });

  it('that start while no agent runs reach nobody until one does', async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster, { ...BOTH, clientIsolation: 'Enabled' });
    const [old, , far] = scene.clients;
    await eventually(() => expect(scene.agents[0]?.log().match(/group of the network/g)).toHaveLength(2));
    for (const agent of scene.agents) await agent.kill('SIGKILL');
    const late = startClient(scene, 1);
    for (const other of [old, far]) {
      for (const address of other.networkAddresses) expect(pings(late, address)).toBe(false);
    }
    expect((await tryTraffic(late.namespace, EVERYWHERE)).some((report) => isAnswered([report]))).toBe(false);
    for (const agent of scene.agents) agent.restart();
    await eventually(async () => expect(isAnswered(await tryTraffic(late.namespace, EVERYWHERE))).toBe(true));
  });
});
