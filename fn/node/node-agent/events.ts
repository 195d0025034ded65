import { after, now, type Timer } from '../system/clock.ts';
import { listen, type Process } from '../system/command.ts';
import { processorTime } from '../system/process.ts';

/** How long events are gathered after some were read, in milliseconds. */
const PAUSE = 20;

/** Listens to a monitor, and starts it again where it ends. */
export function watch(command: readonly string[], onLines: (lines: string) => void): () => void {
  let [child, timer, isStopped]: [Process | undefined, Timer | undefined, boolean] = [undefined, undefined, false];
  const begin = () => {
    child = listen(command, {
      onLines,
      pause: PAUSE,
      onEnd: () => {
        if (!isStopped) timer = after(1000, begin);
      },
    });
  };
  begin();
  return () => {
    isStopped = true;
    timer?.cancel();
    child?.kill();
  };
}

/** Does something again and again. */
export function repeatedly(milliseconds: number, action: () => void): () => void {
  let timer: Timer | undefined;
  const next = () => {
    timer = after(milliseconds, () => {
      action();
      next();
    });
  };
  next();
  return () => timer?.cancel();
}

/** How many passes follow one another at once before the next waits. */
const HASTE = 5;

/**
 * From then on a pass waits for a multiple of the processor time that the last one took, so that passes take a
 * sixteenth of a core however many pods come; in milliseconds, at the least and at the most.
 */
const TIMES = 15;
const [LEAST, MOST] = [500, 1000];

/** Has a pass made when something happens. */
export interface Waker {
  readonly wake: (reason: 'event' | 'rules') => void;
  /** Whether a pass is to be made already. */
  readonly isAwake: () => boolean;
  readonly stop: () => void;
}

/**
 * Events are answered at once, but a fight stays cheap, and so do hundreds of pods: after the fifth pass without a
 * second of peace, once or twice a second. What is told of rules was gathered for a while already.
 */
export function waker(pass: () => void): Waker {
  let timer: Timer | undefined;
  let isStopped = false;
  let [haste, ended, rest] = [HASTE, 0, 0];
  const make = () => {
    timer = undefined;
    const before = processorTime();
    pass();
    ended = now();
    rest = Math.min(Math.max((processorTime() - before) * TIMES, LEAST), MOST);
  };
  return {
    wake: (reason) => {
      if (timer !== undefined || isStopped) return;
      let delay = 0;
      if (now() - ended > 1000) haste = HASTE;
      else if (haste > 0) haste -= 1;
      else if (reason !== 'rules') delay = Math.max(0, ended + rest - now());
      timer = after(delay, make);
    },
    isAwake: () => timer !== undefined,
    stop: () => {
      isStopped = true;
      timer?.cancel();
    },
  };
}
