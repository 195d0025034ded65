import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A whole process: what is started, in which folder, and the file that is its standard input. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly input?: string;
}

export interface Measured {
  /** Median wall time in seconds. */
  readonly seconds: number;
  /** Median peak resident memory in MiB. */
  readonly mebibytes: number;
}

/**
 * Runs each command once to warm up, then all of them in turn, so that a change of the machine's
 * speed meets all alike.
 */
export function measure<Name extends string>(
  commands: Readonly<Record<Name, Command>>,
  runs: number,
): Record<Name, Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'gwn-bench-'));
  const names = Object.keys(commands) as Name[];
  const samples = new Map<Name, Measured[]>(names.map((name) => [name, []]));
  for (let round = -1; round < runs; round += 1) {
    for (const name of names) {
      const sample = once(commands[name], join(folder, 'peak'));
      if (round >= 0) samples.get(name)?.push(sample);
    }
  }
  rmSync(folder, { recursive: true });
  return Object.fromEntries(names.map((name) => [name, medians(samples.get(name) ?? [])])) as Record<Name, Measured>;
}

/** GNU time tells the peak memory; the wall time is taken around the process, since GNU time rounds it to 10 ms. */
function once({ program, args, cwd, input }: Command, peakFile: string): Measured {
  const stdin = openSync(input ?? '/dev/null', 'r');
  const start = performance.now();
  const { status, stderr } = spawnSync('time', ['-f', '%M', '-o', peakFile, program, ...args], {
    ...(cwd !== undefined && { cwd }),
    stdio: [stdin, openSync('/dev/null', 'w'), 'pipe'],
    encoding: 'utf8',
  });
  const seconds = (performance.now() - start) / 1000;
  closeSync(stdin);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return { seconds, mebibytes: Number(readFileSync(peakFile, 'utf8')) / 1024 };
}

function medians(samples: readonly Measured[]): Measured {
  return {
    seconds: median(samples.map(({ seconds }) => seconds)),
    mebibytes: median(samples.map(({ mebibytes }) => mebibytes)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
}
