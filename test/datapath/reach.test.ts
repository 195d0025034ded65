import { expect, it } from 'vitest';
import { cniPlugins } from '../engines/tool.ts';
import { leaks, startClient } from './bed/client.ts';
import { type ClusterOptions, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';
import { watchSources } from './bed/watcher.ts';

type Fields = Readonly<Record<string, unknown>>;

const BOTH = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };
const IPV6 = { subnets: ['fd00:50::/64'] };
const [, newest] = cniPlugins();
const NEWEST: ClusterOptions = { ...(newest?.path && { plugins: newest.path }) };
const peers = (addresses: readonly string[]): Fields => ({
  'overlay.flooding': { type: 'Unicast', unicast: { peers: addresses } },
});
const GROUP6 = { 'overlay.flooding': { type: 'Multicast', multicast: { group: 'ff05::88' } } };

/** An example, what differs from it, the cluster, and the families that must pass. */
const CASES: readonly [string, string, Fields, ClusterOptions, ('IPv4' | 'IPv6')[]][] = [
  ['one node', 'single-node', {}, { nodes: 1 }, ['IPv4']],
  ['one node, both families', 'single-node', BOTH, { nodes: 1 }, ['IPv4', 'IPv6']],
  ['unicast, 2 nodes', 'multi-node', {}, {}, ['IPv4']],
  ['unicast, 3 nodes', 'multi-node', {}, { nodes: 3 }, ['IPv4']],
  ['unicast, both families', 'multi-node', BOTH, {}, ['IPv4', 'IPv6']],
  ['unicast, IPv6 alone', 'multi-node', IPV6, {}, ['IPv6']],
  ['unicast over IPv6', 'dual-stack', {}, { nodes: 3 }, ['IPv4', 'IPv6']],
  ['unicast, nodes in separate subnets', 'multi-node', BOTH, { nodes: 3, layout: 'Routed' }, ['IPv4', 'IPv6']],
  ['unicast over IPv6, nodes in separate subnets', 'dual-stack', {}, { layout: 'Routed' }, ['IPv4', 'IPv6']],
  ['peers listed', 'multi-node', peers(['172.18.0.11', '172.18.0.12', '172.18.0.13']), { nodes: 3 }, ['IPv4']],
  ['multicast, 2 nodes', 'multicast', {}, {}, ['IPv4']],
  ['multicast, 3 nodes, both families', 'multicast', BOTH, { nodes: 3 }, ['IPv4', 'IPv6']],
  ['the newest CNI plugins, one node', 'single-node', BOTH, { nodes: 1, ...NEWEST }, ['IPv4', 'IPv6']],
  ['the newest CNI plugins, 2 nodes', 'dual-stack', {}, NEWEST, ['IPv4', 'IPv6']],
  ['multicast over IPv6', 'dual-stack', GROUP6, {}, ['IPv4', 'IPv6']],
];

describeDatapath('clients reach the internet by the router, which sees their own addresses:', () => {
  it.each(CASES)('%s', async (_, name, fields, options, families) => {
    using cluster = createCluster(options);
    await startEchoServer(cluster.underlay.internet);
    const installation = install(cluster, example(name, fields), 1);
    const [router] = installation.routers;
    await untilReady([...installation.agents, ...installation.routers]);
    const clients = cluster.nodes.map(({ number }) => startClient(installation, number));
    const seen = watchSources(router?.namespace ?? '');
    const addresses = families.map((family) => INTERNET[family]);
    const reports = await Promise.all(clients.map(({ namespace }) => tryTraffic(namespace, addresses)));
    expect(reports.map(isAnswered)).toEqual(clients.map(() => true));
    expect(seen()).toEqual(expect.arrayContaining(clients.flatMap(({ networkAddresses }) => networkAddresses)));
    expect(seen()).toHaveLength(clients.length * families.length);
    expect(leaks(installation, clients)).toBe(0);
  });
});
