/** One text that was read: standard input, or one file. */
export interface Source {
  readonly text: string;
  /** The file, relative to the package root, with slashes; none for standard input. */
  readonly path: string | undefined;
  /** Where each line begins, found when a place is first asked for. */
  readonly lines: number[];
}

/** A place in a source, counted from one. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text that was read, with nothing known about it yet. */
export function sourceOf(text: string, path: string | undefined): Source {
  return { text, path, lines: [] };
}

/** Line and column of an offset. */
export function positionOf(source: Source, offset: number): Position {
  const { text, lines } = source;
  if (lines.length === 0) {
    lines.push(0);
    for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) lines.push(feed + 1);
  }
  let [low, high] = [0, lines.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 };
}
