import { type Budget, newBudget } from '../limits.ts';
import { characterFault } from '../reader/characters.ts';

/** A text that was read: standard input, or one file. */
export interface Source {
  readonly text: string;
  /** The file, relative to the package root, with slashes; undefined for standard input. */
  readonly path: string | undefined;
  /** Whether YAML allows every character of the text. */
  readonly isPrintable: boolean;
  /**
   * The offset of every {@link STEP}th line, found on first use. Not of every line: a text may have
   * nothing but line ends.
   */
  readonly lines: number[];
  /** What the run may still read, in all texts. */
  readonly budget: Budget;
  /** For each word that was searched: where it was found last, and where that search began. */
  readonly searches: Map<string, { from: number; found: number }>;
}

const STEP = 256;

/** A place in a source, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A source of which nothing is known yet. */
export function sourceOf(text: string, path: string | undefined, budget = newBudget()): Source {
  return { text, path, isPrintable: characterFault(text) === undefined, lines: [], budget, searches: new Map() };
}

/** Line and column of an offset. */
export function positionOf(source: Source, offset: number): Position {
  const { text, lines } = source;
  if (lines.length === 0) {
    lines.push(0);
    let count = 0;
    for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) {
      count += 1;
      if (count % STEP === 0) lines.push(feed + 1);
    }
  }
  let [low, high] = [0, lines.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  let [line, start] = [low * STEP, lines[low] ?? 0];
  for (let next = lineAfter(text, start); next <= offset; next = lineAfter(text, start))
    [line, start] = [line + 1, next];
  return { line: line + 1, column: offset - start + 1 };
}

/** The start of the line after the one that begins at `start`; Infinity after the last line. */
function lineAfter(text: string, start: number): number {
  const feed = text.indexOf('\n', start);
  return feed < 0 ? Infinity : feed + 1;
}

/**
 * Whether a word is between two offsets. Callers ask for the objects in the order of the text, so
 * the whole text is searched once for each word, and not each object again.
 */
export function contains({ text, searches }: Source, word: string, start: number, end: number): boolean {
  let search = searches.get(word);
  if (search === undefined) {
    search = { from: 0, found: text.indexOf(word) };
    searches.set(word, search);
  }
  if (start < search.from || (start > search.found && search.found >= 0)) {
    search.from = start;
    search.found = text.indexOf(word, start);
  }
  return search.found >= 0 && search.found + word.length <= end;
}
