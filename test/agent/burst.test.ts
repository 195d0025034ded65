import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import { attachByMultus, commands, createPods, ROOMY } from './burst.ts';
import { createGuarded, guarding } from './guarded.ts';
import { type Namespace, processes } from './namespace.ts';
import { configText } from './node.ts';
import { processorTime } from './processor-time.ts';
import { start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const PODS = 500;
const SECONDS = 10;

/** What the agent may use for all of them, in seconds of processor time: twice what was measured. */
const CPU = 5;

/** When the last of them may be on the network, in milliseconds after it came. */
const LATE = 10_000;

const execute = promisify(execFile);

/** Looks at a node again and again, and remembers when each name was first seen in what a command prints. */
function watchFor(namespace: Namespace, command: string, name: RegExp) {
  const seen = new Map<string, number>();
  return {
    seen,
    look: async () => {
      const time = performance.now();
      const options = { maxBuffer: 16 * 1024 * 1024 };
      const { stdout } = await execute('ip', ['netns', 'exec', namespace, 'sh', '-c', command], options);
      for (const [found] of stdout.matchAll(name)) if (!seen.has(found)) seen.set(found, time);
    },
  };
}

describeInNamespaces(`when ${PODS} pods come within ${SECONDS} seconds`, () => {
  it('each is held at its primary interface before it is on the network, and the agent stays cheap', async () => {
    const node = createGuarded({ INTERVAL: '15' });
    writeConfig(node, 'config.json', configText({ ...guarding(node.results), attachments: ROOMY }));
    using pods = createPods(PODS);
    using agent = start(node);
    await untilReady(agent);
    await sleep(3000);
    const before = processorTime(processes(node.namespace));

    const held = watchFor(node.namespace, 'nft list table netdev gwn_vpn_primary', /\bcali\d+/g);
    const open = watchFor(node.namespace, 'ip -br link show master gwvpn', /^veth\d+/gm);
    const come = new Map<string, number>();
    const free = new Set<string>();
    const { run, end } = commands(node.namespace);
    const coming = pods.all.map(async (pod) => {
      await sleep((pod.number * SECONDS * 1000) / PODS);
      come.set(pod.port, performance.now());
      await attachByMultus(node, pod, run);
    });
    const attached = Promise.all(coming).then(end);
    await vi.waitFor(
      async () => {
        // In this order: what is on the network has to be held already.
        await open.look();
        await held.look();
        for (const { port, primary } of pods.all) if (open.seen.has(port) && !held.seen.has(primary)) free.add(port);
        expect(open.seen.size).toBe(PODS);
      },
      { timeout: 50_000, interval: 250 },
    );
    await attached;
    // The rules are listed once more, and marked.
    await sleep(4000);
    const used = processorTime(processes(node.namespace)) - before;
    const late = pods.all.map(({ port }) => (open.seen.get(port) ?? Infinity) - (come.get(port) ?? 0));
    expect(agent.log()).not.toContain('failed');
    await untilReady(agent);
    expect([...free]).toEqual([]);
    expect(Math.max(...late)).toBeLessThan(LATE);
    expect(used).toBeLessThan(CPU);
  }, 120_000);
});
