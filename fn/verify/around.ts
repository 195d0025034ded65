import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '../cluster/cluster-client.ts';
import { FAMILIES, type Family } from '../net/address.ts';
import { attemptsOf } from './attempt.ts';
import { callsInput, parseTried } from './calls.ts';
import { type Check, failed, notTested, passed } from './check.ts';
import type { TestClient, TestPod } from './client.ts';
import { judge, type Seen } from './leaks.ts';
import { PROGRAMS } from './manifests.ts';
import { nodesOf } from './reach.ts';
import { numberIn, type TestRange } from './range.ts';
import { parseSightings, type Sighting, WATCHING } from './sighting.ts';

/** The time between two rounds of all ways, in seconds: what usual programs send leaves the cluster by the gateway. */
const PAUSE = '0.1';
/** How long watchers take to print what they have seen, in milliseconds. */
const PRINTED = 2500;

/** What all clients have sent in all ways, and what was seen of it. */
export interface Tour {
  readonly families: readonly Family[];
  readonly seen: Seen;
}

/** Waits until all watchers have begun, and gives the nodes of those that have not. */
export async function blindNodes(cluster: ClusterClient, watchers: readonly TestPod[], range: TestRange) {
  for (const end = Date.now() + 10_000; ; await sleep(500)) {
    const blind: string[] = [];
    for (const { id, node } of watchers) {
      const log = await cluster.log(id);
      // It has to have seen what it sent itself.
      const self = parseSightings(log, node).some((one) => one.direction === 'out' && numberIn(range, one.to) === 1);
      if (!log.startsWith(WATCHING) || !self) blind.push(node);
    }
    if (blind.length === 0 || Date.now() > end) return blind;
  }
}

/** Sends in all ways from all clients for so many seconds. */
export async function tryAll(
  cluster: ClusterClient,
  clients: readonly TestClient[],
  watchers: readonly TestPod[],
  range: TestRange,
  seconds: number,
): Promise<Tour> {
  const tours = clients.map(async ({ index, place, run }) => {
    const attempts = attemptsOf(index, place, range);
    const command = ['perl', `${PROGRAMS}/calls.pl`, String(seconds), PAUSE];
    const { stdout } = await run(command, callsInput(attempts.map(({ calls }) => calls)), seconds + 30);
    return parseTried(stdout).map(({ sent }, number) => ({ sent, family: attempts[number]?.family }));
  });
  const tried = (await Promise.all(tours)).flat();
  await sleep(PRINTED);
  const logs = watchers.map(async ({ id, node }): Promise<readonly Sighting[]> =>
    parseSightings(await cluster.log(id), node),
  );
  const ends = new Map(clients.map(({ index, node, end }) => [index, { node, index: end }]));
  return {
    families: FAMILIES.filter((family) => tried.some((one) => one.family === family && one.sent > 0)),
    seen: judge((await Promise.all(logs)).flat(), ends, range),
  };
}

/** What a tour says of programs as usual, and of those that ask for `eth0`. */
export function judgeTour({ families, seen }: Tour, clients: readonly TestClient[]): readonly Check[] {
  const unseen = clients.filter(({ index }) => (seen.asked.get(index) ?? 0) === 0);
  const blind =
    unseen.length === 0
      ? undefined
      : `packets at eth0 are not seen on the node (${nodesOf(unseen)}), so that nothing is known`;
  const over = families.join(' and ');
  const count = seen.usual.reduce((sum, packet) => sum + packet.count, 0);
  const asked = [...seen.asked.values()].reduce((sum, one) => sum + one, 0);
  return [
    seen.usual.length > 0
      ? failed('routes', `${count} packets were sent to eth0 instead of the network`, seen.usual)
      : blind
        ? notTested('routes', blind)
        : passed('routes', `0 packets at eth0, over ${over}`),
    seen.leaked.length > 0
      ? failed('eth0', 'packets have left by eth0, around the gateway', seen.leaked)
      : blind
        ? notTested('eth0', blind)
        : passed('eth0', `${asked} packets at eth0, 0 of them have passed the node's rules, over ${over}`),
  ];
}
