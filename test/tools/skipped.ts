import { bringerOf } from './bringers.ts';

/** What a file of tests has left out. */
export interface FileOutcome {
  /** What was missing, each once. */
  readonly missing: readonly string[];
  /** Whether none of its tests ran. */
  readonly isWhole: boolean;
}

/**
 * A line for each thing that was missing, those that most files wanted first; a file counts for
 * each thing that it wanted.
 */
export function skippedLines(files: readonly FileOutcome[]): readonly string[] {
  const names = [...new Set(files.flatMap(({ missing }) => missing))];
  const wanting = (name: string) => files.filter(({ missing }) => missing.includes(name));
  return names
    .toSorted((a, b) => wanting(b).length - wanting(a).length || a.localeCompare(b))
    .map((name) => {
      const whole = wanting(name).filter(({ isWhole }) => isWhole).length;
      const verb = /\b(?:plugins|CRDs|namespaces)\b/.test(name) ? 'are' : 'is';
      return `${counts(whole, wanting(name).length - whole)}: ${name} ${verb} missing; ${bringerOf(name)}`;
    });
}

function counts(whole: number, partly: number): string {
  const files = (count: number) => `${count} ${count === 1 ? 'file' : 'files'} skipped`;
  if (partly === 0) return files(whole);
  return whole === 0 ? `${files(partly)} in part` : `${files(whole)}, ${partly} in part`;
}
