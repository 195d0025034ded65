import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ClusterClient } from '../../fn/cluster/cluster-client.ts';
import type { Check } from '../../fn/verify/check.ts';
import type { TestClient } from '../../fn/verify/client.ts';
import { checkPolicies, checkServices } from '../../fn/verify/reach.ts';

// Fake timers leave this module alone.
vi.mock(import('node:timers/promises'), async () => ({
  setTimeout: async <T>(delay?: number, value?: T): Promise<T> =>
    new Promise((resolve) => setTimeout(() => resolve(value as T), delay)),
}));

const REFUSED = 'error Connection refused';
const ANSWERED = 'answer 6f6b';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A client to which everything answers in a way, and in another after some time. */
function clientOf(before: string, after: string, seconds: number): TestClient {
  const begin = Date.now();
  const reply = () => (Date.now() < begin + seconds * 1000 ? before : after);
  const run = async (_: readonly string[], input: string) => ({
    status: 0,
    stdout: input.trim().replaceAll(/.+/g, reply),
    stderr: '',
  });
  return { node: 'node1', run } as unknown as TestClient;
}

const cluster = {
  read: async () => ({ spec: { clusterIP: '10.96.0.1', ports: [{ port: 443 }] } }),
} as unknown as ClusterClient;

async function resultOf(check: Promise<Check>): Promise<string> {
  await vi.advanceTimersByTimeAsync(30_000);
  return (await check).result;
}

test.each([
  [0, 'ok'],
  [10, 'ok'],
  [25, 'failed'],
])('a Service that answers after %d s', async (seconds, expected) => {
  const check = checkServices(cluster, [clientOf(REFUSED, ANSWERED, seconds)], { spec: { clusterIPs: ['10.96.0.9'] } });
  expect(await resultOf(check)).toBe(expected);
});

test.each([
  [0, 'ok'],
  [10, 'ok'],
  [25, 'failed'],
])('a NetworkPolicy that is enforced after %d s', async (seconds, expected) => {
  expect(await resultOf(checkPolicies([clientOf(ANSWERED, REFUSED, seconds)], ['10.244.1.9']))).toBe(expected);
});
