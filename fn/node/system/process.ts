import * as os from 'qjs:os';
import * as std from 'qjs:std';
import { readFile } from './files.ts';

/** The value of a variable of the environment, or nothing. */
export function variable(name: string): string | undefined {
  return std.getenv(name);
}

/**
 * Milliseconds of processor time that this program and the commands that it has waited for have taken
 * (proc_pid_stat(5)).
 */
export function processorTime(): number {
  const fields =
    readFile('/proc/self/stat')
      ?.replace(/^.*\) /s, '')
      .split(' ') ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * 10;
}

/** Says something in the log, on a line of its own. */
export function say(text: string): void {
  std.out.puts(`${text}\n`);
  std.out.flush();
}

export function exit(status: number): never {
  std.exit(status);
}

/** Has a signal call something instead of ending the program. */
export function onSignal(name: 'SIGTERM' | 'SIGINT', action: () => void): void {
  os.signal(os[name], action);
}
