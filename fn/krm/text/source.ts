import { type Budget, newBudget } from '../limits.ts';

/** One text that was read: standard input, or one file. */
export interface Source {
  readonly text: string;
  /** The file, relative to the package root, with slashes; none for standard input. */
  readonly path: string | undefined;
  /** Where every {@link STEP}th line begins, found when a place is first asked for. A text may be nothing but line ends. */
  readonly lines: number[];
  /** What may still be read of all texts of the run. */
  readonly budget: Budget;
}

const STEP = 256;

/** A place in a source, counted from one. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text that was read, with nothing known about it yet. */
export function sourceOf(text: string, path: string | undefined, budget = newBudget()): Source {
  return { text, path, lines: [], budget };
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

/** Where the line after the one that begins at `start` begins; nowhere behind the last one. */
function lineAfter(text: string, start: number): number {
  const feed = text.indexOf('\n', start);
  return feed < 0 ? Infinity : feed + 1;
}
