import { setTimeout } from 'node:timers/promises';
import type { V1Container } from '@kubernetes/client-node';
import type { Container } from '../image/container.ts';

/** The least time that a container has after SIGTERM, in milliseconds (kubelet, minimumGracePeriodInSeconds). */
const LEAST = 2000;

/**
 * Ends a container as the kubelet does: its preStop hook, then SIGTERM, and SIGKILL when the time
 * that both have together is
 * over. The deadline is in milliseconds since the epoch.
 */
export async function terminate(container: Container, { lifecycle }: V1Container, deadline: number): Promise<void> {
  const hook = lifecycle?.preStop?.exec?.command;
  if (lifecycle?.preStop && !hook) throw new Error('only commands can be run before a stop');
  if (hook) await before(deadline, container.execute(hook));
  container.kill('SIGTERM');
  if (await before(Math.max(deadline, Date.now() + LEAST), container.ended())) return;
  container.kill('SIGKILL');
  await container.ended();
}

/** Whether something ends before a deadline. */
async function before(deadline: number, end: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = setTimeout(Math.max(deadline - Date.now(), 0), false, { signal: timer.signal }).catch(() => false);
  const inTime = await Promise.race([end.then(() => true), late]);
  timer.abort();
  return inTime;
}
