import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Namespace } from '../agent/namespace.ts';

/** A program that runs, what it says going to a file. */
export interface Started {
  readonly name: string;
  readonly child: ChildProcess;
  readonly log: string;
}

/** Starts a program in a network namespace, which the kernel ends with the thread that started it. */
export function spawnIn(namespace: Namespace, command: readonly string[], name: string, log: string): Started {
  const output = openSync(log, 'a');
  const args = ['--pdeathsig', 'KILL', 'nsenter', `--net=/run/netns/${namespace}`, ...command];
  const child = spawn('setpriv', args, { stdio: ['ignore', output, output] });
  closeSync(output);
  return { name, child, log };
}

/** Kills a program, and waits for its end. */
export async function end({ child }: Started): Promise<void> {
  if (hasEnded(child)) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/**
 * Waits until something is so.
 *
 * @param what for the message: what is waited for
 * @param seconds how long it may take
 * @param needed programs of which none may end meanwhile
 * @throws what was waited for, or the last lines of the program that ended
 */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  needed: readonly Started[] = [],
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const ended = needed.find(({ child }) => hasEnded(child));
    if (ended !== undefined) throw new Error(`${ended.name} ended:\n${lastLines(ended.log)}`);
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(100);
  }
}

export function lastLines(log: string, count = 30): string {
  return readFileSync(log, 'utf8').split('\n').slice(-count).join('\n');
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
