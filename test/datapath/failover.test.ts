import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import type { Client } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { type Installation, nodeOf, startRouter, untilReady } from './bed/installation.ts';
import type { Pod } from './bed/pod.ts';
import { startStream, type Streaming } from './bed/traffic.ts';
import { describeDatapath } from './bed/requirements.ts';
import { cutOff, INTERNET, reconnect } from './bed/underlay.ts';
import { master, masters, mute, outages, prepareRouters, startClients, trafficWhile, unmute } from './failover.ts';
import { withPrograms } from './with-programs.ts';

/** What happens to the first router, and how it is made good. */
interface Loss {
  readonly title: string;
  /** The longest outage of a client, in milliseconds. */
  readonly limit: number;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly happen: (installation: Installation) => unknown;
  readonly repair: (installation: Installation) => unknown;
  /** Whether clients on its node are cut off with it. */
  readonly isNode?: boolean;
  /** Whether it may be back before the other's timer ends, and then stays master. */
  readonly isEither?: boolean;
}

async function replace({ cluster, manifests, routers }: Installation): Promise<void> {
  const deployment = manifests.deployments.find(({ metadata }) => metadata?.name === 'vpn-router-0');
  const [node] = cluster.nodes;
  if (!deployment || !node) throw new Error('there is no router');
  routers[0] = startRouter(cluster, manifests, deployment, node);
  await untilReady(routers);
}

/** Kills one of the two processes of keepalived, of which the child speaks VRRP, and nothing else of its container. */
function signalKeepalived(router: Pod | undefined, which: 'parent' | 'child'): void {
  const found = router?.processes().filter(isKeepalived) ?? [];
  // A script that it starts is called keepalived, too, for a moment, and is younger than both.
  const [parent, child] = found.toSorted((one, other) => one - other);
  const pid = which === 'parent' ? parent : child;
  if (pid === undefined) throw new Error(`there are ${found.length} processes of keepalived`);
  process.kill(pid, 'SIGKILL');
}

function isKeepalived(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8') === 'keepalived\n';
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

/** A connection that stays, from each client. */
function startStreams(clients: readonly Client[]): Promise<readonly Streaming[]> {
  return Promise.all(clients.map(({ namespace }) => startStream(namespace, INTERNET.IPv4)));
}

/** Why each has ended before its time. */
async function endStreams(streams: readonly Streaming[]): Promise<readonly (string | undefined)[]> {
  const ended = await Promise.all(streams.map(({ stop }) => stop()));
  return ended.map(({ error }) => error);
}

/** Keeps a router from telling anybody unasked where the gateway's addresses are. */
const SILENCE = `nft 'table netdev silence { chain out { type filter hook egress device net1 priority 0;
  arp operation request arp saddr ip 192.168.50.1 drop; icmpv6 type nd-neighbor-advert ip6 daddr ff02::1 drop; }; }'`;

const LOSSES: readonly Loss[] = [
  {
    title: 'all its processes are killed',
    limit: 3500,
    happen: ({ routers }) => routers[0]?.crash(),
    repair: async ({ routers }) => {
      routers[0]?.restart();
      await untilReady(routers);
    },
  },
  {
    title: 'its keepalived is killed',
    limit: 3500,
    happen: ({ routers }) => routers[0]?.kill('SIGKILL', 'keepalived'),
    repair: async ({ routers }) => {
      routers[0]?.restart('keepalived');
      await untilReady(routers);
    },
  },
  {
    title: 'the program keepalived is killed within its container, which ends by itself',
    limit: 3500,
    happen: ({ routers }) => signalKeepalived(routers[0], 'parent'),
    repair: async ({ routers }) => {
      routers[0]?.restart('keepalived');
      await untilReady(routers);
    },
  },
  {
    title: 'the process of keepalived that has the addresses is killed, and started again by its parent',
    limit: 3500,
    happen: ({ routers }) => signalKeepalived(routers[0], 'child'),
    repair: ({ routers }) => untilReady(routers),
    isEither: true,
  },
  {
    title: 'all its processes are killed, and its interface is gone',
    limit: 3500,
    happen: async ({ routers }) => {
      run(routers[0]?.namespace ?? '', 'ip link set net1 down');
      await routers[0]?.crash();
    },
    repair: async (installation) => {
      await installation.routers[0]?.remove();
      await replace(installation);
    },
  },
  {
    title: 'it is deleted',
    limit: 1000,
    happen: ({ routers }) => routers[0]?.remove(),
    repair: replace,
  },
  {
    title: 'its node is gone',
    limit: 3500,
    happen: ({ cluster }) => cutOff(cluster.underlay, 1),
    repair: ({ cluster }) => reconnect(cluster.underlay, 1),
    isNode: true,
  },
  {
    title: 'its egress is down',
    limit: 4500,
    happen: ({ routers }) => run(routers[0]?.namespace ?? '', 'ip link set eth0 down'),
    repair: async (installation) => {
      await installation.routers[0]?.remove();
      await replace(installation);
    },
  },
  {
    title: 'nothing answers behind its egress',
    limit: 9000,
    fields: { 'gateway.healthCheck': { addresses: [INTERNET.IPv4, INTERNET.IPv6] } },
    happen: ({ cluster }) => mute(nodeOf(cluster, 1)),
    repair: ({ cluster }) => unmute(nodeOf(cluster, 1)),
  },
];

describeDatapath('clients go on by the other router when', () => {
  it.each(LOSSES)('$title', async ({ fields = {}, limit, happen, repair, isNode = false, isEither = false }) => {
    using cluster = createCluster({ nodes: 3 });
    const installation = await prepareRouters(cluster, 'ha-vrrp', fields);
    const { routers } = installation;
    const [first, second] = routers;
    const clients = startClients(installation).filter(({ node }) => !isNode || node !== first?.node);
    expect(master(routers)).toBe(first);

    const lost = await trafficWhile(clients, () => happen(installation), limit + 1500);
    const { udp, tcp } = outages(lost.reports, lost.moment);
    expect(udp).toBeLessThan(limit);
    expect(tcp).toBeLessThan(limit);
    // Nobody answers for the gateway but the other; a node that is gone knows nothing of that.
    const after = masters(routers);
    expect(after).toEqual(isNode ? routers : [isEither ? expect.anything() : second]);

    const streams = await startStreams(clients);
    const back = await trafficWhile(clients, () => repair(installation), 4000);
    // A node that was cut off has the addresses, too, until it hears of the other.
    const again = outages(back.reports, back.moment);
    if (isNode) expect(Math.max(again.udp, again.tcp)).toBeLessThan(2000);
    else expect(again).toEqual({ udp: 0, tcp: 0 });
    // Nothing but the end of a split moves the addresses again.
    if (!isNode) expect(await endStreams(streams)).toEqual(clients.map(() => undefined));
    // Where two were master, the first is.
    expect(master(routers)).toBe(after[0]);
  });
});

describeDatapath('these tests would see', () => {
  it('that a router which comes back takes the addresses again', async () => {
    const images = {};
    using cluster = createCluster({ nodes: 3, images });
    const preempt = withPrograms(cluster, images, /"nopreempt",/, '');
    const installation = await prepareRouters(cluster, 'ha-vrrp', {}, preempt);
    const { routers } = installation;
    const clients = startClients(installation);
    await routers[0]?.remove();
    await eventually(() => expect(masters(routers.slice(1))).toHaveLength(1));
    const streams = await startStreams(clients);
    await replace(installation);
    await eventually(() => expect(master(routers)).toBe(routers[0]));
    const errors = await endStreams(streams);
    expect(errors.filter((error) => error === undefined)).toEqual([]);
  });

  it('that the new master does not announce its addresses', async () => {
    using cluster = createCluster({ nodes: 3 });
    const installation = await prepareRouters(cluster, 'ha-vrrp');
    const clients = startClients(installation);
    for (const { namespace } of installation.routers) run(namespace, SILENCE);
    const { reports, moment } = await trafficWhile(clients, () => cutOff(cluster.underlay, 1), 8000);
    expect(outages(reports, moment).udp).toBeGreaterThan(3500);
  });
});
