import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { backoff, createQueue, type Again, type Queue } from '../../fn/flux/queue.ts';

/** A queue whose handlers end when they are told to. */
function controlled(concurrency = 2) {
  const started: string[] = [];
  const enders = new Map<string, (again: Again) => void>();
  const queue: Queue = createQueue({
    concurrency,
    random: () => 0,
    handle: (key) => {
      started.push(key);
      return new Promise((resolve) => enders.set(key, resolve));
    },
  });
  const end = async (key: string, again: Again = 'done') => {
    enders.get(key)?.(again);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { queue, started, end };
}

describe('a queue', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('handles a key once, however often it is added', async () => {
    const { queue, started, end } = controlled(1);
    for (const key of ['a', 'b', 'b', 'b']) queue.add(key);
    expect([started, queue.depth()]).toEqual([['a'], 1]);
    await end('a');
    await end('b');
    expect([started, queue.depth()]).toEqual([['a', 'b'], 0]);
  });

  test('handles a key again that is added while it is handled, and not at the same time', async () => {
    const { queue, started, end } = controlled();
    queue.add('a');
    queue.add('a');
    queue.add('b');
    expect(started).toEqual(['a', 'b']);
    await end('a');
    expect(started).toEqual(['a', 'b', 'a']);
  });

  test('looks again after the interval, and sooner when something happens', async () => {
    const { queue, started, end } = controlled();
    queue.add('a');
    await end('a', { after: 60_000 });
    await vi.advanceTimersByTimeAsync(59_999);
    expect(started).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toHaveLength(2);
    await end('a', { after: 60_000 });
    queue.add('a');
    expect(started).toHaveLength(3);
    await end('a', { after: 60_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(started).toHaveLength(4);
  });

  test('tries again with doubled delays, and from the first after a success', async () => {
    const { queue, started, end } = controlled();
    const delays: number[] = [];
    queue.add('a');
    for (const again of ['retry', 'retry', 'retry', { after: 1 }, 'retry'] as const) {
      const [count, since] = [started.length, Date.now()];
      await end('a', again);
      while (started.length === count) await vi.advanceTimersByTimeAsync(1);
      delays.push(Date.now() - since);
    }
    expect(delays).toEqual([500, 1000, 2000, 1, 500]);
  });

  test('takes a handler that throws for a failure', async () => {
    let count = 0;
    const queue = createQueue({
      concurrency: 1,
      random: () => 0,
      handle: () => {
        count += 1;
        return Promise.reject(new Error('x'));
      },
    });
    queue.add('a');
    await vi.advanceTimersByTimeAsync(1500);
    expect(count).toBe(3);
    await queue.stop();
  });

  test('starts nothing while it is paused', async () => {
    const { queue, started } = controlled();
    queue.pause();
    queue.add('a');
    expect(started).toEqual([]);
    queue.resume();
    expect(started).toEqual(['a']);
  });

  test('forgets what was planned', async () => {
    const { queue, started, end } = controlled();
    queue.add('a');
    await end('a', 'retry');
    queue.forget('a');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(started).toHaveLength(1);
  });

  test('stops when what runs has ended, and starts nothing after that', async () => {
    const { queue, started, end } = controlled(1);
    queue.add('a');
    queue.add('b');
    let isStopped = false;
    void queue.stop().then(() => (isStopped = true));
    await vi.advanceTimersByTimeAsync(0);
    expect(isStopped).toBe(false);
    await end('a', 'retry');
    expect(isStopped).toBe(true);
    queue.add('c');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(started).toEqual(['a']);
  });

  test('is idle when nothing waits and nothing runs', async () => {
    const { queue, end } = controlled(1);
    await queue.idle();
    queue.add('a');
    queue.add('b');
    let isIdle = false;
    void queue.idle().then(() => (isIdle = true));
    await end('a');
    expect(isIdle).toBe(false);
    await end('b', { after: 1000 });
    expect(isIdle).toBe(true);
  });
});

test('back-off has a random part and an end', () => {
  expect([backoff(1, 0), backoff(1, 1), backoff(2, 0), backoff(4, 1)]).toEqual([500, 1000, 1000, 8000]);
  expect([backoff(100, 0), backoff(100, 1)]).toEqual([150_000, 300_000]);
});
