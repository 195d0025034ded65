import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The executable under test, built by `npm run build`. */
export const FUNCTION = fileURLToPath(new URL('../../dist/gateway-network-fn', import.meta.url));
if (!existsSync(FUNCTION)) throw new Error('dist/gateway-network-fn is missing; npm run build makes it');

/** What a process left behind. */
export interface Ended {
  /** Exit status; -1 where the process was ended by a signal. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Standard input; empty unless given. */
  readonly input?: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folders that precede PATH, after the one with the function. */
  readonly path?: readonly string[];
}

/** Runs a program to its end, with the function first on PATH. Throws where it cannot be started. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Ended {
  const path = [dirname(FUNCTION), ...(options.path ?? []), process.env['PATH'] ?? ''].join(delimiter);
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: options.cwd,
    input: options.input ?? '',
    env: { ...process.env, ...options.env, PATH: path },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  return { status: status ?? -1, stdout, stderr };
}

/** Like {@link run}, for steps that must succeed: gives stdout and throws, with what it said, where it fails. */
export function output(program: string, args: readonly string[], options: RunOptions = {}): string {
  const ended = run(program, args, options);
  if (ended.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${ended.status}:\n${ended.stderr}`);
  return ended.stdout;
}
