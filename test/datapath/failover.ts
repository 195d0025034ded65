import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run, tryRun } from '../agent/namespace.ts';
import { type Client, startClient } from './bed/client.ts';
import type { Cluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, untilReady } from './bed/installation.ts';
import type { Manifests } from './bed/manifests.ts';
import type { Node } from './bed/node.ts';
import type { Pod } from './bed/pod.ts';
import { type Exchanges, type Report, startEchoServer, startTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';

/** The gateway's addresses in the examples. */
export const GATEWAY = ['192.168.50.1', 'fd00:50::1'] as const;
const EVERYWHERE = [INTERNET.IPv4, INTERNET.IPv6];

/**
 * An answer that comes later, in milliseconds, counts as none: a connection's first packet was
 * lost, and sent again after a second.
 */
const LATE = 950;

/** Installs an example, one router a node from the first on, and waits until they are ready and one is master. */
export async function prepareRouters(
  cluster: Cluster,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
  change?: (manifests: Manifests) => Manifests,
  gateway: readonly string[] = GATEWAY,
): Promise<Installation> {
  await startEchoServer(cluster.underlay.internet);
  const installation = install(
    cluster,
    // The nodes of the bed have no tagged interface.
    example(name, fields).replaceAll('eth1.99', 'eth1'),
    cluster.nodes.map(({ number }) => number),
    change,
  );
  await untilReady([...installation.agents, ...installation.routers]);
  await eventually(() => expect(masters(installation.routers, gateway)).toHaveLength(1));
  await makeFirstMaster(installation.routers, gateway);
  return installation;
}

/** The router that is ready first becomes master, whichever it is; tests go by the first of the list. */
async function makeFirstMaster(routers: readonly Pod[], gateway: readonly string[]): Promise<void> {
  const [first, ...others] = routers;
  if (masters(routers, gateway)[0] === first) return;
  await Promise.all(others.map((router) => router.kill('SIGKILL', 'keepalived')));
  await eventually(() => expect(masters(routers, gateway)).toEqual([first]));
  for (const router of others) router.restart('keepalived');
  await untilReady(routers);
}

/** Those that have the gateway's addresses; fails where one has only some of them. */
export function masters(routers: readonly Pod[], gateway: readonly string[] = GATEWAY): readonly Pod[] {
  return routers.filter(({ namespace }) => {
    const shown = tryRun(namespace, 'ip -o addr show') ?? '';
    const held = gateway.filter((address) => shown.includes(` ${address}/`));
    if (held.length > 0 && held.length < gateway.length) throw new Error(`a router has only ${held.join()}`);
    return held.length > 0;
  });
}

/** The only one that has the gateway's addresses. */
export function master(routers: readonly Pod[], gateway: readonly string[] = GATEWAY): Pod {
  const [only, ...others] = masters(routers, gateway);
  if (!only || others.length > 0) throw new Error(`there are ${others.length + (only ? 1 : 0)} masters`);
  return only;
}

export function startClients(installation: Installation): readonly Client[] {
  return installation.cluster.nodes.map(({ number }) => startClient(installation, number));
}

/** What becomes of the clients' traffic while something happens, and for so many milliseconds after that. */
export async function trafficWhile(
  clients: readonly Client[],
  action: () => unknown,
  after: number,
  addresses: readonly string[] = EVERYWHERE,
): Promise<{ readonly reports: readonly Report[]; readonly moment: number }> {
  const traffic = await Promise.all(clients.map(({ namespace }) => startTraffic(namespace, addresses)));
  await setTimeout(500);
  const moment = Date.now();
  await action();
  await setTimeout(after);
  const reports = (await Promise.all(traffic.map(({ stop }) => stop()))).flat();
  return { reports, moment };
}

/**
 * How long after a moment something was last sent that was not answered, or not at once; 0 where
 * all was. Throws where nothing
 * was answered before.
 */
export function outage(exchanges: Exchanges, moment: number): number {
  const end = (exchanges.at(-1)?.[0] ?? 0) - LATE;
  const failed = exchanges.filter(([sent, answered]) => sent < end && (answered === 0 || answered - sent > LATE));
  if (!exchanges.some(([sent, answered]) => sent < moment && answered > 0)) throw new Error('nothing was answered');
  return Math.max(0, ...failed.map(([sent]) => sent - moment));
}

/** The longest outages of all clients, in milliseconds. */
export interface Outages {
  readonly udp: number;
  readonly tcp: number;
}

export function outages(reports: readonly Report[], moment: number): Outages {
  return {
    udp: Math.max(...reports.map(({ udp }) => outage(udp, moment))),
    tcp: Math.max(...reports.map(({ tcp }) => outage(tcp, moment))),
  };
}

/**
 * For how long all that was sent in a row failed, at most, in milliseconds: a node that comes back
 * may cost a second outage.
 */
export function longestOutages(reports: readonly Report[]): Outages {
  return {
    udp: Math.max(...reports.map(({ udp }) => longestOutage(udp))),
    tcp: Math.max(...reports.map(({ tcp }) => longestOutage(tcp))),
  };
}

function longestOutage(exchanges: Exchanges): number {
  const end = (exchanges.at(-1)?.[0] ?? 0) - LATE;
  let longest = 0;
  let since: number | undefined;
  for (const [sent, answered] of exchanges) {
    if (sent >= end) break;
    const failed = answered === 0 || answered - sent > LATE;
    if (failed) since ??= sent;
    if (since !== undefined) longest = Math.max(longest, sent - since);
    if (!failed) since = undefined;
  }
  return longest;
}

/** Lets nothing of a network pass between a node and the others; the rest does. */
export function cutOverlay({ underlay }: Cluster, number: number): void {
  run(
    underlay.fabric,
    `nft 'table netdev cut {
      chain in { type filter hook ingress device node${number} priority -10; udp dport 4799 drop; }
      chain out { type filter hook egress device node${number} priority -10; udp dport 4799 drop; }
    }'`,
  );
}

/** Makes that good. */
export function rejoin({ underlay }: Cluster): void {
  run(underlay.fabric, 'nft delete table netdev cut');
}

/**
 * Keeps the packets of a node's pods for the internet from leaving it, as when its uplink is dead
 * and its link is not.
 */
export function mute({ namespace }: Node): void {
  run(
    namespace,
    `nft 'table inet mute { chain out { type filter hook forward priority 0;
      oifname "eth0" ip daddr ${INTERNET.IPv4} drop; oifname "eth0" ip6 daddr ${INTERNET.IPv6} drop; }; }'`,
  );
}

/** Makes that good. */
export function unmute({ namespace }: Node): void {
  run(namespace, 'nft delete table inet mute');
}
