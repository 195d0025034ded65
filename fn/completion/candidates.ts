import type { Flag, Program, Value, Verb } from './verb.ts';

/**
 * What a shell is told by programs that use Cobra, kubectl's completion among them
 * (https://pkg.go.dev/github.com/spf13/cobra#ShellCompDirective).
 */
const DIRECTIVE = { files: 0, noFiles: 4 } as const;

/** A word that may stand there, and what it is for. */
type Candidate = readonly [word: string, description: string];

/** What may stand in place of the last of some words, which may be empty: lines, and whether files may stand there. */
export function candidateText(program: Program, words: readonly string[]): string {
  const [before, current] = [words.slice(0, -1), words.at(-1) ?? ''];
  const { candidates, isPath } = candidatesOf(program, before, current);
  const fitting = candidates.filter(([word]) => word.startsWith(current));
  const lines = fitting.map(([word, description]) => (description === '' ? word : `${word}\t${description}`));
  return [...lines, `:${isPath ? DIRECTIVE.files : DIRECTIVE.noFiles}`, ''].join('\n');
}

interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly isPath: boolean;
}

function candidatesOf({ flags, verbs }: Program, before: readonly string[], current: string): Candidates {
  const place = before.findIndex((word) => verbs.some(({ name }) => name === word));
  const verb = verbs.find(({ name }) => name === before[place]);
  if (verb === undefined) {
    const all = current.startsWith('-')
      ? flagCandidates(flags)
      : verbs.map((one) => [one.name, one.description] as const);
    return { candidates: all, isPath: false };
  }
  const given = before.slice(place + 1);
  const flag = flagOf(verb, given.at(-1));
  if (flag?.value !== undefined) return valueCandidates(flag.value);
  if (current.startsWith('-')) return { candidates: flagCandidates(verb.flags), isPath: false };
  const count = given.filter(
    (word, index) => !word.startsWith('-') && flagOf(verb, given[index - 1])?.value === undefined,
  ).length;
  const argument = verb.arguments[verb.takesMore ? Math.min(count, verb.arguments.length - 1) : count];
  return argument === undefined ? { candidates: [], isPath: false } : valueCandidates(argument);
}

function flagOf({ flags }: Verb, word: string | undefined): Flag | undefined {
  return flags.find(({ names }) => word !== undefined && names.includes(word));
}

function flagCandidates(flags: readonly Flag[]): readonly Candidate[] {
  return flags.flatMap(({ names, description }) => names.map((name) => [name, description] as const));
}

function valueCandidates({ choices, isPath }: Value): Candidates {
  return { candidates: choices.map((choice) => [choice, ''] as const), isPath: isPath && choices.length === 0 };
}
