import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFairness } from '../../fn/flux/fairness.ts';
import { fetchArchive } from '../../fn/flux/fetch.ts';
import { createQueue } from '../../fn/flux/queue.ts';
import { serve } from './serve.ts';
import { scratchFolder, sha256 } from './tarball.ts';

const BODY = Buffer.from('the archive');

/** Sends a byte a while, and never the last one. */
const drip: RequestListener = (_, response) => {
  const timer = setInterval(() => response.write('x'), 50);
  response.on('close', () => clearInterval(timer));
};

/** Handles keys such as `a1` by fetching from the server of `a`. */
function fetching(urls: Readonly<Record<string, string>>) {
  const done: string[] = [];
  let [running, most] = [0, 0];
  const queue = createQueue({
    concurrency: 4,
    groupOf: ([group = '']) => group,
    handle: async (key) => {
      most = Math.max(most, (running += 1));
      const source = { url: `${urls[key.slice(0, 1)]}/${key}`, digest: sha256(BODY), revision: key };
      await fetchArchive(source, join(scratchFolder(), 'archive'), { size: 1 << 20, time: 6000 }).catch(
        () => undefined,
      );
      running -= 1;
      done.push(key);
      return 'done';
    },
  });
  return { queue, done, most: () => most };
}

test('a source that is slow does not hold up another, which takes what is left', async () => {
  const [slow, fast] = [await serve(drip), await serve((_, response) => response.end(BODY))];
  const { queue, done, most } = fetching({ a: slow, b: fast });
  for (let count = 0; count < 8; count += 1) queue.add(`a${count}`);
  for (let count = 0; count < 8; count += 1) queue.add(`b${count}`);
  await expect.poll(() => done.length, { timeout: 1500 }).toBe(8);
  expect(done.every((key) => key.startsWith('b'))).toBe(true);
  expect(most()).toBe(4);
});

test('several that are known to be slow together leave a place', async () => {
  const fairness = createFairness({ concurrency: 4, groupOf: ([group = '']) => group });
  const ends = ['a1', 'b1', 'c1'].map((key) => fairness.begin(key));
  expect(fairness.mayBegin('a2')).toBe(true);
  await sleep(2200);
  expect(['a2', 'd1'].map(fairness.mayBegin)).toEqual([false, true]);
  ends[0]?.();
  // Each of them has one place, and another that was never slow may have all but one.
  expect(['a2', 'b2', 'd1'].map(fairness.mayBegin)).toEqual([true, false, true]);
  fairness.begin('a2')();
  expect(fairness.mayBegin('a3')).toBe(true);
});

test('one source alone has all places but one, and where there is one, that', () => {
  const fairness = createFairness({ concurrency: 4, groupOf: () => 'a' });
  for (const key of ['1', '2', '3']) {
    expect(fairness.mayBegin(key)).toBe(true);
    fairness.begin(key)();
    fairness.begin(key);
  }
  expect(fairness.mayBegin('4')).toBe(false);
  expect(createFairness({ concurrency: 1, groupOf: () => 'a' }).mayBegin('1')).toBe(true);
});
