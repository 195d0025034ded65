import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { processes } from './namespace.ts';
import { createNode, OVERLAY } from './node.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

/** From one pass of the agent's timer to the next. */
const SECONDS = 10;
const MANY = Array.from({ length: 500 }, (_, index) => `10.18.${index >> 8}.${index & 255}`);

/** How much of a core the agent may use while nothing happens, by the number of its peers. */
const LIMITS: readonly [string, string, number][] = [
  ['three peers', OVERLAY.PEERS, 0.015],
  ['five hundred peers', MANY.join(' '), 0.021],
];

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // The process has ended by itself.
  }
}

/**
 * Processor time of processes and of their children that have ended, in seconds: fields 14 to 17 of
 * proc(5) stat, 100 a second.
 */
function processorTime(pids: readonly number[]): number {
  const ticks = pids.flatMap((pid) => read(`/proc/${pid}/stat`).replace(/.*\) /s, '').split(' ').slice(11, 15));
  return ticks.reduce((sum, count) => sum + Number(count), 0) / 100;
}

/** The memory of processes, in KiB, what they share being counted once. */
function memory(pids: readonly number[]): number {
  const sizes = pids.map((pid) => Number(/^Pss: +(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describeInNamespaces('an idle agent', () => {
  it.each(LIMITS)('costs next to nothing with %s', async (_, peers, limit) => {
    const node = createNode({ PEERS: peers }, 11, { INTERVAL: `${SECONDS}` });
    using agent = start(node);
    await untilReady(agent);
    await sleep(3000);
    const before = processorTime(processes(node.namespace));
    await sleep(SECONDS * 1000);
    const share = (processorTime(processes(node.namespace)) - before) / SECONDS;
    expect(share).toBeLessThan(limit);
    expect(memory(processes(node.namespace))).toBeLessThan(8 * 1024);
  });
});
