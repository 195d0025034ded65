import { expect, it } from 'vitest';
import { run, tryRun } from '../agent/namespace.ts';
import type { Client } from './bed/client.ts';
import { type Cluster, createCluster, WEB } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { INTERNET, seenFrom } from './bed/underlay.ts';
import { runInit, startFiltered } from './inbound.ts';

const INBOUND = { clients: [{ namespaces: ['apps'], preserveInbound: 'Enabled' }] };
const BOTH = { ...INBOUND, subnets: ['192.168.50.0/24', 'fd00:50::/64'] };
const EVERYWHERE = [INTERNET.IPv4, INTERNET.IPv6];
const FAMILIES = ['IPv4', 'IPv6'] as const;

/**
 * Nodes in subnets of their own, so that the fabric knows the way to each node's pods, and the
 * internet reaches them as they are.
 */
async function prepare(cluster: Cluster, fields: Readonly<Record<string, unknown>>): Promise<Installation> {
  const installation = install(cluster, example('multi-node', fields), 2);
  await untilReady([...installation.agents, ...installation.routers]);
  for (const { namespace } of [{ namespace: cluster.underlay.internet }, cluster.web]) await startEchoServer(namespace);
  return installation;
}

/** Lets a server of the client listen at each address of its primary interface. */
async function serve(client: Client): Promise<void> {
  for (const address of client.addresses) await startEchoServer(client.namespace, address);
}

/** What of the traffic from the internet to the client's own addresses was answered, by family. */
async function inbound({ cluster }: Installation, client: Client): Promise<readonly boolean[]> {
  const reports = await tryTraffic(cluster.underlay.internet, client.addresses);
  return reports.flatMap(({ udp, tcp }) =>
    [udp, tcp].map((exchanges) => exchanges.some(([, answered]) => answered > 0)),
  );
}

/**
 * How many packets for the internet leave the client's node, outside the network, while the client
 * tries to go around the gateway: from
 * the addresses of its primary interface, and by that interface whatever the address.
 */
async function strays({ cluster }: Installation, client: Client): Promise<number> {
  const before = seenFrom(cluster.underlay, client.node.number);
  for (const [index, family] of FAMILIES.entries()) {
    const reports = await tryTraffic(client.namespace, [INTERNET[family]], client.addresses[index]);
    expect(reports.every(({ udp, tcp }) => udp.length > 0 && tcp.length > 0)).toBe(true);
    tryRun(client.namespace, `ping -n -c 3 -i 0.2 -W 1 -I eth0 ${INTERNET[family]}`);
  }
  return seenFrom(cluster.underlay, client.node.number) - before;
}

describeDatapath('a client that answers inbound connections', () => {
  it.each([
    ['both families, rp_filter 0', BOTH, 0, EVERYWHERE],
    ['both families, rp_filter 1', BOTH, 1, EVERYWHERE],
    ['both families, rp_filter 2', BOTH, 2, EVERYWHERE],
    ['a network without IPv6, rp_filter 1', INBOUND, 1, [INTERNET.IPv4]],
    ['a network without IPv4, rp_filter 1', { ...INBOUND, subnets: ['fd00:50::/64'] }, 1, [INTERNET.IPv6]],
  ] as const)(
    'does so where it is asked, and leaves by the gateway alone (%s)',
    async (_, fields, rpFilter, served) => {
      using cluster = createCluster({ layout: 'Routed' });
      const installation = await prepare(cluster, fields);
      const client = startFiltered(installation, rpFilter);
      await serve(client);
      // Nothing on the way gives them a source in the cluster, or they would be answered.
      expect(await inbound(installation, client)).toEqual([false, false, false, false]);

      expect(await runInit(installation, client)).toContain(client.addresses[0]);
      expect(await inbound(installation, client)).toEqual([true, true, true, true]);
      expect(await strays(installation, client)).toBe(0);

      expect(isAnswered(await tryTraffic(client.namespace, served))).toBe(true);
      expect(isAnswered(await tryTraffic(client.namespace, [...WEB.addresses, ...cluster.web.addresses]))).toBe(true);
      expect(isAnswered(await tryTraffic(cluster.web.namespace, client.addresses))).toBe(true);
      for (const { namespace } of cluster.nodes) {
        expect(isAnswered(await tryTraffic(namespace, client.addresses))).toBe(true);
      }
    },
  );

  it('is set up twice as it is once, and leaves by the node without its rules and those of the node', async () => {
    using cluster = createCluster({ layout: 'Routed' });
    const installation = await prepare(cluster, BOTH);
    const client = startFiltered(installation, 2);
    const state = () =>
      run(client.namespace, 'for f in 4 6; do ip -$f rule; ip -$f route show table 4799; done; nft -s list ruleset');
    await runInit(installation, client);
    const once = state();
    expect(await runInit(installation, client)).toBe('');
    expect(state()).toBe(once);
    expect(await strays(installation, client)).toBe(0);
    // A server over UDP that is bound to no address answers from the one that the route to the
    // gateway gives it; one over TCP does not.
    await startEchoServer(client.namespace);
    expect(await inbound(installation, client)).toEqual([false, true, false, true]);

    run(client.namespace, 'nft delete table inet gateway_inbound');
    expect(await strays(installation, client)).toBe(0);
    expect(await inbound(installation, client)).toEqual([false, true, false, true]);
    await installation.agents[0]?.kill('SIGKILL');
    for (const family of ['netdev', 'inet']) {
      run(client.node.namespace, `nft delete table ${family} gwn_egress.vpn_primary`);
    }
    const counts = [];
    for (const [index, family] of FAMILIES.entries()) {
      const before = seenFrom(cluster.underlay, 1);
      await tryTraffic(client.namespace, [INTERNET[family]], client.addresses[index]);
      counts.push(seenFrom(cluster.underlay, 1) - before);
    }
    for (const count of counts) expect(count).toBeGreaterThan(0);
  });
});
