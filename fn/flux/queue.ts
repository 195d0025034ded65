import { createFairness } from './fairness.ts';

/**
 * What follows the handling of a key: the next handling after some milliseconds, a retry with
 * back-off, or nothing.
 */
export type Again = { readonly after: number } | 'retry' | 'done';

/** Keys to handle. Each is in the queue once, and is never handled twice at the same time. */
export interface Queue {
  /** Queues a key. If it is being handled, it is handled again after that. */
  readonly add: (key: string) => void;
  /** Cancels what is planned for a key. */
  readonly forget: (key: string) => void;
  /** Starts no more keys until {@link resume}. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Starts no more keys, and resolves when the running ones have ended. */
  readonly stop: () => Promise<void>;
  /** The number of keys that wait to be handled now. */
  readonly depth: () => number;
  /** Resolves when no key waits to be handled now, and none is being handled. */
  readonly idle: () => Promise<void>;
}

export interface QueueOptions {
  readonly handle: (key: string) => Promise<Again>;
  /** How many keys are handled at the same time. */
  readonly concurrency: number;
  /**
   * What a key shares with others, such as a source, so that a slow key does not delay those of
   * other groups; by default nothing.
   */
  readonly groupOf?: (key: string) => string;
  /** Returns a number from 0 to 1; by default Math.random. */
  readonly random?: () => number;
}

/** The first and the longest delay between attempts, in milliseconds. */
const FIRST = 1000;
const LONGEST = 5 * 60_000;

/**
 * The delay after some failures in a row, in milliseconds. It doubles each time, and is then
 * reduced by up to a half at random.
 */
export function backoff(failures: number, random: number): number {
  return Math.min(LONGEST, FIRST * 2 ** (failures - 1)) * (0.5 + random / 2);
}

/** An empty queue. The handler should not throw; an exception counts as a failure. */
export function createQueue(options: QueueOptions): Queue {
  const { handle, concurrency, groupOf = (key) => key, random = Math.random } = options;
  const fairness = createFairness({ concurrency, groupOf });
  const waiting = new Set<string>();
  const running = new Set<string>();
  const later = new Map<string, NodeJS.Timeout>();
  const failures = new Map<string, number>();
  let idlers: (() => void)[] = [];
  let isPaused = false;
  let isStopped = false;

  const unplan = (key: string) => {
    clearTimeout(later.get(key));
    later.delete(key);
  };
  const plan = (key: string, again: Again) => {
    if (again !== 'retry') failures.delete(key);
    if (again === 'done' || isStopped || waiting.has(key)) return;
    const count = (failures.get(key) ?? 0) + 1;
    if (again === 'retry') failures.set(key, count);
    // Adds up to a tenth at random, so that keys that began together spread out.
    const delay = again === 'retry' ? backoff(count, random()) : again.after * (1 + random() / 10);
    unplan(key);
    later.set(key, setTimeout(add, delay, key));
  };
  const work = async (key: string) => {
    const end = fairness.begin(key);
    const again = await handle(key).catch((): Again => 'retry');
    end();
    running.delete(key);
    plan(key, again);
    next();
  };
  const next = () => {
    for (const key of waiting) {
      if (isPaused || isStopped || running.size >= concurrency) break;
      if (running.has(key) || !fairness.mayBegin(key)) continue;
      waiting.delete(key);
      running.add(key);
      void work(key);
    }
    if (running.size > 0 || (waiting.size > 0 && !isStopped)) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  };
  const add = (key: string) => {
    unplan(key);
    if (isStopped) return;
    waiting.add(key);
    next();
  };
  const idle = () =>
    new Promise<void>((resolve) => {
      idlers.push(resolve);
      next();
    });

  return {
    add,
    forget: (key) => {
      unplan(key);
      failures.delete(key);
    },
    pause: () => void (isPaused = true),
    resume: () => {
      isPaused = false;
      next();
    },
    stop: () => {
      isStopped = true;
      for (const key of later.keys()) unplan(key);
      waiting.clear();
      return idle();
    },
    depth: () => waiting.size,
    idle,
  };
}
