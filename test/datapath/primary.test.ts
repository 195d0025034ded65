import { expect, it, vi } from 'vitest';
import { addressOf } from '../../fn/api/assured.ts';
import { formatAddress } from '../../fn/net/address.ts';
import { eventually } from '../agent/eventually.ts';
import { run, tryRun } from '../agent/namespace.ts';
import { type Client, startClient } from './bed/client.ts';
import { type Cluster, createCluster, WEB } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, startAgent, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { countOnWire, INTERNET, TO_INTERNET } from './bed/underlay.ts';
import { ASKED, BROKEN, PRIVILEGED, type Way } from './ways-around.ts';

const BOTH = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };
const TABLE = 'netdev gwn_egress.vpn_primary';

async function prepare(cluster: Cluster, fields: Readonly<Record<string, unknown>> = BOTH): Promise<Installation> {
  await startEchoServer(cluster.underlay.internet);
  const installation = install(cluster, example('multi-node', fields), 2);
  await untilReady([...installation.agents, ...installation.routers]);
  return installation;
}

/** How many packets for the internet the clients' node has sent, over IPv4 and over IPv6, while something happens. */
function counter({ cluster }: Installation) {
  const counters = TO_INTERNET.map((match) => countOnWire(cluster.underlay, 1, { matches: [match] }));
  return async (happen: () => Promise<void> | void) => {
    const before = counters.map((count) => count());
    await happen();
    return counters.map((count, index) => count() - (before[index] ?? 0));
  };
}

/** What is seen of each way, by its title: a client for each. */
async function tryAll(installation: Installation, clients: ReadonlyMap<Way, Client>) {
  const count = counter(installation);
  const seen: Record<string, readonly number[]> = {};
  for (const [[title, go], client] of clients) seen[title] = await count(() => go(client));
  return seen;
}

describeDatapath('a client does not leave by its primary interface', () => {
  it('whatever it asks for, whatever happens to its other one, and leaves where nothing holds it there', async () => {
    using cluster = createCluster();
    const installation = await prepare(cluster);
    const ways = [...ASKED, ...PRIVILEGED, ...BROKEN];
    const clients = new Map(ways.map((way) => [way, startClient(installation, 1)] as const));
    const none = Object.fromEntries(ways.map(([title]) => [title, [0, 0]]));
    expect(await tryAll(installation, clients)).toEqual(none);

    // The pods whose other interface is gone are known to the next agent, too.
    const { manifests, agents } = installation;
    await agents[0]?.kill('SIGKILL');
    const [set, node] = [manifests.daemonSets[0], cluster.nodes[0]];
    if (!set || !node) throw new Error('there is no agent');
    agents[0] = startAgent(cluster, manifests, set, node);
    await untilReady(agents);
    const broken = new Map([...clients].filter(([way]) => BROKEN.includes(way)));
    expect(Object.values(await tryAll(installation, broken))).toEqual(BROKEN.map(() => [0, 0]));

    await agents[0].kill('SIGKILL');
    run(node.namespace, `nft delete table ${TABLE}`);
    const open = Object.entries(await tryAll(installation, clients));
    const leaks = open.map(([title, seen]) => [title, seen.map((packets) => packets > 0)]);
    expect(leaks).toEqual(ways.map(([title]) => [title, [true, true]]));
  }, 180_000);

  it('but reaches the cluster there, and is reached', async () => {
    using cluster = createCluster();
    const installation = await prepare(cluster);
    const client = startClient(installation, 1);
    const [node] = cluster.nodes;
    if (!node) throw new Error('there is no node');
    run(node.namespace, 'ip addr add 169.254.20.10/32 dev lo');
    for (const namespace of [cluster.web.namespace, client.namespace]) await startEchoServer(namespace);
    // An answer is compared with the address as it is written.
    const ofNode = [node.addresses.IPv4, formatAddress(addressOf(node.addresses.IPv6)), '169.254.20.10'];
    for (const address of ofNode) await startEchoServer(node.namespace, address);
    await eventually(() => expect(run(node.namespace, `nft list table ${TABLE}`)).toContain('jump from_client'));
    const inside = [...WEB.addresses, ...cluster.web.addresses, ...ofNode];
    const answered = async (from: string, addresses: readonly string[]) => {
      const reports = await tryTraffic(from, addresses);
      return Object.fromEntries(
        addresses.map((address, index) => [address, isAnswered(reports.slice(index, index + 1))]),
      );
    };
    const reaches = (from: string, addresses: readonly string[]) =>
      vi.waitFor(
        async () =>
          expect(await answered(from, addresses)).toEqual(
            Object.fromEntries(addresses.map((address) => [address, true])),
          ),
        20_000,
      );
    await reaches(client.namespace, inside);
    for (const { namespace } of [node, cluster.web]) await reaches(namespace, client.addresses);
    await reaches(client.namespace, [INTERNET.IPv4, INTERNET.IPv6]);

    // An address of its own may be one of the internet, if the node has its route to it there.
    const own = '2001:db8:0:1::5';
    const end = client.results['eth0']?.interfaces?.find(({ sandbox }) => !sandbox)?.name;
    run(client.namespace, `ip addr add ${own}/128 dev eth0 nodad`);
    expect(tryRun(client.namespace, `ping -c 1 -W 1 -I ${own} ${node.addresses.IPv6}`)).toBeUndefined();
    run(node.namespace, `ip route add ${own} dev ${end}`);
    expect(run(client.namespace, `ping -c 1 -W 1 -I ${own} ${node.addresses.IPv6}`)).toContain(' 1 received');
  });
});
