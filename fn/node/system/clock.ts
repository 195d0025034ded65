import * as os from 'qjs:os';
import { readFile } from './files.ts';

/** Seconds since the machine was started, to hundredths: a clock that nobody turns back (proc_uptime(5)). */
export function uptime(): number {
  return Number(readFile('/proc/uptime')?.split(' ')[0]);
}

/** The second of {@link uptime} in which the container's first process was started (proc_pid_stat(5), in 1/100 s). */
export function containerStart(): number {
  const fields =
    readFile('/proc/1/stat')
      ?.replace(/^.*\) /s, '')
      .split(' ') ?? [];
  return Math.floor(Number(fields[19]) / 100);
}

/** Milliseconds of a clock for intervals. */
export function now(): number {
  return os.now();
}

/** Something that will be done later. */
export interface Timer {
  readonly cancel: () => void;
}

export function after(milliseconds: number, action: () => void): Timer {
  const timer = os.setTimeout(action, milliseconds);
  return { cancel: () => os.clearTimeout(timer) };
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void os.setTimeout(resolve, milliseconds));
}
