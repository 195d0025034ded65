import { DASH, HASH } from './characters.ts';
import {
  columnOf,
  contentAt,
  isLineEnd,
  isSeparated,
  nextLine,
  nextShallowLine,
  skipBlanks,
  skipSpaces,
} from './lines.ts';
import { LIMITS } from '../limits.ts';
import type { Slice } from './slice.ts';

export interface BlockSlices {
  /** The column of the `-` indicators. */
  readonly column: number;
  readonly slices: readonly Slice[];
}

/**
 * The elements of a block sequence, found without parsing: each begins at a `-` in the column of
 * the first one. Comments that are not deeper than the `-` belong to the element after them. Blank
 * lines belong to the element before them, because they may be part of its last scalar. Undefined
 * if a line is neither deeper than the `-` nor one of these.
 */
export function blockSlices(text: string, from: number, end: number): BlockSlices | undefined {
  const slices: Slice[] = [];
  let column = -1;
  let [outer, dash] = [-1, -1];
  let comments = -1;
  let expected = from;
  for (let line = from; line < end; line = column < 0 ? expected : nextShallowLine(text, line, end, column)) {
    // Deeper lines are between the comments and this line.
    if (line !== expected) comments = -1;
    expected = nextLine(text, line, end);
    const at = skipSpaces(text, line, end);
    if (isLineEnd(text, skipBlanks(text, at, end), end)) continue;
    const code = text.charCodeAt(at);
    if (code === HASH) {
      if (comments < 0) comments = line;
      continue;
    }
    if (code !== DASH || !isSeparated(text, at + 1, end)) return undefined;
    if (slices.length > LIMITS.OBJECTS) break;
    if (column < 0) column = at - line;
    else if (at - line < column) return undefined;
    const begin = comments < 0 ? line : comments;
    if (dash >= 0) slices.push(sliceOf(text, outer, dash, begin));
    [outer, dash, comments] = [begin, at, -1];
  }
  if (dash >= 0) slices.push(sliceOf(text, outer, dash, comments < 0 ? end : comments));
  return column < 0 ? undefined : { column, slices };
}

/** The element after a `-`. */
export function sliceOf(text: string, outer: number, dash: number, end: number): Slice {
  const content = contentAt(text, dash + 1, end);
  const isBelow = isLineEnd(text, skipBlanks(text, dash + 1, end), end);
  const start = isBelow ? content : skipSpaces(text, dash + 1, end);
  return { outer, start, end, column: content < end ? columnOf(text, 0, content) : 0 };
}
