import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal has come. */
export class Interrupted extends Error {
  /** What shells report of a program that the signal has ended. */
  readonly status: number;

  constructor(signal: (typeof SIGNALS)[number]) {
    super(signal);
    this.status = 128 + constants.signals[signal];
  }
}

/** Work that signals interrupt, so that what it has made can be removed. */
export interface Interruption {
  /** Fails with {@link Interrupted} at the first signal; never succeeds. */
  readonly interrupted: Promise<never>;
  /** Leaves signals to the system again. */
  readonly forget: () => void;
}

/** Waits for signals. A second one calls `insist`, and ends the program. */
export function interruption(insist: () => void): Interruption {
  let forget = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    let count = 0;
    const listeners = SIGNALS.map((signal) => {
      const listener = () => {
        const reason = new Interrupted(signal);
        if (++count === 1) return reject(reason);
        insist();
        process.exit(reason.status);
      };
      process.on(signal, listener);
      return [signal, listener] as const;
    });
    forget = () => listeners.forEach(([signal, listener]) => process.off(signal, listener));
  });
  // Somebody may not wait for it yet.
  interrupted.catch(() => undefined);
  return { interrupted, forget };
}
