import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../../agent/namespace.ts';
import { ECHO_PORT } from './traffic.ts';

/** A connection on which nothing is sent but what is asked for. */
export interface IdleConnection extends Disposable {
  /** Sends something, and gives what became of it within so many milliseconds: `echo`, `nothing`, or an error. */
  readonly send: (patience?: number) => Promise<string>;
}

/** Opens a connection to the echo server of an address. */
export async function openIdle(namespace: Namespace, address: string, port = ECHO_PORT): Promise<IdleConnection> {
  const path = fileURLToPath(new URL('idler.ts', import.meta.url));
  const program = spawn('ip', ['netns', 'exec', namespace, process.execPath, path, address, String(port)]);
  const lines: string[] = [];
  program.stdout.on('data', (text: Buffer) => lines.push(...text.toString().trim().split('\n')));
  const next = async (patience: number) => {
    for (const end = Date.now() + patience; lines.length === 0 && Date.now() < end;) await setTimeout(20);
    return lines.shift() ?? 'nothing';
  };
  const first = await next(5000);
  if (first !== 'echo') throw new Error(`there is no connection to ${address}: ${first}`);
  return {
    send: (patience = 3000) => {
      program.stdin.write('\n');
      return next(patience);
    },
    [Symbol.dispose]: () => void program.kill(),
  };
}
