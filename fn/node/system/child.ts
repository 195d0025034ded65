import * as os from 'qjs:os';

/** A command that runs beside this program. */
export interface Process {
  readonly pid: number;
  /** Whether it has ended. */
  readonly hasEnded: () => boolean;
  readonly kill: (signal?: keyof typeof SIGNALS) => void;
  /** Waits for its end. */
  readonly wait: () => number;
}

/** Follows a process that was started. */
export function watched(pid: number): Process {
  let result: number | undefined;
  const hasEnded = () => {
    if (result !== undefined) return true;
    const [ended, status] = os.waitpid(pid, os.WNOHANG);
    if (ended === pid) result = statusOf(status);
    return result !== undefined;
  };
  return {
    pid,
    hasEnded,
    // A process that was waited for is no more, and its number may be another's.
    kill: (signal = 'SIGTERM') => void (hasEnded() || os.kill(pid, SIGNALS[signal])),
    wait: () => (result ??= wait(pid)),
  };
}

/** Waits for a process, and gives its exit status; 128 and the number of the signal that has ended it. */
export function wait(pid: number): number {
  const [ended, status] = os.waitpid(pid, 0);
  return ended === pid ? statusOf(status) : 127;
}

/** The exit status in what wait(2) tells (its WEXITSTATUS and WTERMSIG). */
function statusOf(status: number): number {
  const signal = status & 0x7f;
  return signal === 0 ? (status >> 8) & 0xff : 128 + signal;
}

/** The numbers of signals (signal(7)): QuickJS does not know all by their names. */
const SIGNALS = { SIGHUP: 1, SIGKILL: 9, SIGTERM: 15 } as const;
