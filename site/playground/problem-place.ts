import type { Problem } from '../../fn/krm/problem.ts';

/** A problem at its line. */
export interface PlacedProblem extends Pick<Problem, 'severity' | 'message'> {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** The problems with their places; those of the whole text are at its first line. Messages about YAML name theirs. */
export function placed(problems: readonly Problem[]): readonly PlacedProblem[] {
  return problems
    .filter(({ severity }) => severity !== 'info')
    .map(({ severity, message, position }) => {
      const [, line, column] = /\bline (\d+)(?:,? column (\d+))?/.exec(message) ?? [];
      return { severity, message, ...(position ?? { line: Number(line ?? 1), column: Number(column ?? 1) }) };
    });
}
