import type { ClusterClient } from '../cluster/cluster-client.ts';
import { type Check, failed, type Packet, passed } from './check.ts';
import type { TestClient } from './client.ts';
import type { RouterPod, Subject } from './subject.ts';

/** The time between two questions to the gateway, in seconds. */
const INTERVAL = 0.05;
/** How long before the end of a test the last answer may come, in seconds. */
const LATE = 2;

/** The answers of a gateway to one client, over the time of a test. */
export interface Answers {
  readonly node: string;
  readonly gateway: string;
  /** In seconds since 1970, ascending. */
  readonly times: readonly number[];
}

/** Asks each gateway from each client all the time, for so many seconds. */
export async function listen(
  clients: readonly TestClient[],
  { gateways }: Subject,
  seconds: number,
): Promise<readonly Answers[]> {
  const count = Math.round(seconds / INTERVAL);
  const options = ['-n', '-D', '-i', String(INTERVAL), '-c', String(count), '-w', String(seconds)];
  return Promise.all(
    clients.flatMap((client) =>
      gateways.map(async (gateway) => {
        const { stdout } = await client.run(['ping', ...options, gateway], '', seconds + 20);
        return { node: client.node, gateway, times: parseAnswers(stdout) };
      }),
    ),
  );
}

/** The times in the output of `ping -D` (ping(8)). */
export function parseAnswers(output: string): readonly number[] {
  return [...output.matchAll(/^\[(\d+\.\d+)\] \d+ bytes from /gm)].map(([, time]) => Number(time));
}

/** Deletes the pod of a router, as an eviction does. */
export async function killRouter(cluster: ClusterClient, { namespace }: Subject, { pod }: RouterPod): Promise<void> {
  await cluster.remove(`/api/v1/namespaces/${namespace}/pods/${pod}`);
}

/** The longest time without an answer, in seconds; nothing where none came at the end of so many seconds. */
export function outage({ times }: Answers, seconds: number): number | undefined {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || last < first + seconds - LATE) return undefined;
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time) - INTERVAL);
  return Math.max(0, ...gaps);
}

/** Judges a failover by the answers of the gateway and what went around it. */
export function judgeFailover(
  router: RouterPod,
  answers: readonly Answers[],
  around: readonly Packet[],
  seconds: number,
): Check {
  const gaps = answers.map((one) => outage(one, seconds));
  const lost = answers.filter((_, index) => gaps[index] === undefined);
  const packets = around.reduce((sum, { count }) => sum + count, 0);
  const what = `${router.pod} on ${router.node} was deleted: ${packets} packets around the gateway in ${seconds} s`;
  if (lost.length > 0) {
    const who = lost.map(({ gateway, node }) => `${gateway} for ${node}`).join(', ');
    return failed('failover', `${what}; not back: ${who}`, around);
  }
  const back = `${what}; back after ${Math.max(...gaps.map((gap) => gap ?? 0)).toFixed(1)} s`;
  return packets > 0 ? failed('failover', back, around) : passed('failover', back);
}
