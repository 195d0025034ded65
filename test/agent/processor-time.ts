import { readFileSync } from 'node:fs';

/** A file of a process; nothing where that has ended by itself. */
export function readOfProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Processor time of processes and of their children that have ended, in seconds: fields 14 to 17 of
 * proc(5) stat, 100 a second.
 */
export function processorTime(pids: readonly number[]): number {
  const ticks = pids.flatMap((pid) => readOfProcess(pid, 'stat').replace(/.*\) /s, '').split(' ').slice(11, 15));
  return ticks.reduce((sum, count) => sum + Number(count), 0) / 100;
}
