import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { processes } from './namespace.ts';
import { CONFIG, configText, createNode } from './node.ts';
import { processorTime, readOfProcess } from './processor-time.ts';
import { start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

/** From one pass of the agent's timer to the next. */
const SECONDS = 10;
const MANY = Array.from({ length: 500 }, (_, index) => `10.18.${index >> 8}.${index & 255}`);

/** How much of a core the agent may use while nothing happens, by the number of its peers; the kernel counts in 10 ms. */
const LIMITS: readonly [string, readonly string[], number][] = [
  ['three peers', CONFIG.peers, 0.01],
  ['five hundred peers', MANY, 0.01],
];

/** The memory of processes, in KiB, what they share being counted once. */
function memory(pids: readonly number[]): number {
  const sizes = pids.map((pid) => Number(/^Pss: +(\d+)/m.exec(readOfProcess(pid, 'smaps_rollup'))?.[1] ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describeInNamespaces('an idle agent', () => {
  it.each(LIMITS)('costs next to nothing with %s and metrics', async (_, peers, limit) => {
    const node = createNode({ peers }, 11, { INTERVAL: `${SECONDS}` });
    writeConfig(node, 'config.json', configText({ peers, metricsPage: `${node.directory}/state/metrics.txt` }));
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
