import { writeSync } from 'node:fs';
import { UsageError } from '../files/usage-error.ts';
import { hasErrors, type Problem } from '../krm/problem.ts';
import { formatProblem } from '../files/format-problem.ts';
import { visible } from '../files/visible.ts';

const STDERR = 2;

/** Exit statuses. Scripts may rely on them. */
export const EXIT = {
  /** Everything was rendered. */
  OK: 0,
  /** The input has errors; nothing was rendered. */
  PROBLEMS: 1,
  /** The command line is not understood, or a file cannot be read or written. */
  USAGE: 2,
  /** A fault of this program (EX_SOFTWARE of sysexits.h). */
  INTERNAL: 70,
} as const;

/** Prints errors and warnings to stderr, each on one line, and sets the exit status. */
export function report(problems: readonly Problem[]): void {
  for (const problem of problems) {
    if (problem.severity !== 'info') writeLine(formatProblem(problem));
  }
  if (hasErrors(problems)) process.exitCode = EXIT.PROBLEMS;
}

/** Reports what a run threw: one line, and a stack only for faults of this program. */
export function fail(error: unknown): void {
  if (error instanceof UsageError) {
    writeLine(`error: ${error.message}`);
    process.exitCode = EXIT.USAGE;
    return;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  writeLine(`gateway-network-fn: internal error, please report it with the input that led here: ${detail}`);
  process.exitCode = EXIT.INTERNAL;
}

/** Writes a line to stderr. If it cannot be written, only the exit status reports the failure. */
function writeLine(line: string): void {
  try {
    writeSync(STDERR, `${visible(line)}\n`);
  } catch {
    // It is closed.
  }
}
