import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWith } from '../engines/describe-tools.ts';
import { startCluster } from './cluster.ts';
import { neededTools } from './describe.ts';

// What a cluster costs that has no workloads yet: the figures of test/cluster/README.md. `npm run measure`.

const [needed, programs] = neededTools();

/** The memory of this machine that programs could have, in MiB (MemAvailable of proc_meminfo(5)). */
function available(): number {
  return Number(/^MemAvailable: +(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) / 1024;
}

describeWith([{ title: 'a cluster of two nodes', path: '/' }, ...needed], () => {
  it('is ready within 30 seconds and takes at most 2 GiB', async () => {
    const [before, begin] = [available(), performance.now()];
    await using cluster = await startCluster(programs(), {});
    const seconds = (performance.now() - begin) / 1000;
    const mebibytes = before - available();
    console.log({ nodes: cluster.nodes.length, seconds, mebibytes });
    expect(seconds).toBeLessThan(30);
    expect(mebibytes).toBeLessThan(2048);
  }, 120_000);
});
