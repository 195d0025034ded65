import { setTimeout } from 'node:timers/promises';
import type { Namespace } from '../../agent/namespace.ts';
import { lostAt, startTraffic } from './traffic.ts';

/**
 * Does something while pods send to the echo servers of some addresses, and says what of that was lost: by which pod,
 * over what, and how long after the begin.
 */
export async function lossesWhile(
  pods: readonly { readonly namespace: Namespace }[],
  addresses: readonly string[],
  action: () => Promise<void>,
): Promise<readonly string[]> {
  const traffic = await Promise.all(pods.map(({ namespace }) => startTraffic(namespace, addresses)));
  await setTimeout(300);
  const begin = Date.now();
  await action();
  const end = Date.now() - begin;
  await setTimeout(300);
  const reports = await Promise.all(traffic.map(({ stop }) => stop()));
  return reports.flatMap((ofPod, index) =>
    ofPod.flatMap(({ address, ...protocols }) =>
      Object.entries(protocols).flatMap(([protocol, exchanges]) =>
        lostAt(exchanges).map((sent) => `pod ${index + 1}, ${protocol} to ${address}, ${sent - begin} ms of ${end}`),
      ),
    ),
  );
}
