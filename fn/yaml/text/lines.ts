/**
 * Reads YAML text line by line. Offsets are UTF-16 units in the whole text. The character at `end`
 * is not read.
 */

import { CARRIAGE_RETURN, HASH, LINE_FEED, SPACE, TAB } from './characters.ts';

/** The start of the line after the line of `at`. */
export function nextLine(text: string, at: number, end: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 || feed >= end ? end : feed + 1;
}

const SHALLOW: RegExp[] = [];

/**
 * The start of the next line after the line of `at` that is indented by at most `column` spaces.
 * Empty lines count.
 */
export function nextShallowLine(text: string, at: number, end: number, column: number): number {
  // A regular expression skips deep lines several times faster than a loop.
  const pattern = (SHALLOW[column] ??= new RegExp(`\\n {0,${column}}(?! )`, 'g'));
  pattern.lastIndex = at;
  if (!pattern.test(text)) return end;
  const line = text.lastIndexOf('\n', pattern.lastIndex - 1) + 1;
  return line < end ? line : end;
}

/** The first character from `at` on that is not a space. */
export function skipSpaces(text: string, at: number, end: number): number {
  let here = at;
  while (here < end && text.charCodeAt(here) === SPACE) here += 1;
  return here;
}

/** The first character from `at` on that is neither a space nor a tab. */
export function skipBlanks(text: string, at: number, end: number): number {
  let here = at;
  while (here < end && (text.charCodeAt(here) === SPACE || text.charCodeAt(here) === TAB)) here += 1;
  return here;
}

/** Whether a line (LF or CRLF) or the text ends at `at`. */
export function isLineEnd(text: string, at: number, end: number): boolean {
  if (at >= end) return true;
  const code = text.charCodeAt(at);
  return code === LINE_FEED || (code === CARRIAGE_RETURN && (at + 1 >= end || text.charCodeAt(at + 1) === LINE_FEED));
}

/**
 * Whether a space, a tab or the end of the line is at `at`. One of them must follow `-`, `:`, `---`
 * and `...`.
 */
export function isSeparated(text: string, at: number, end: number): boolean {
  if (isLineEnd(text, at, end)) return true;
  const code = text.charCodeAt(at);
  return code === SPACE || code === TAB;
}

/** Whether only blanks and a comment follow `at` on its line. */
export function isRestEmpty(text: string, at: number, end: number): boolean {
  const here = skipBlanks(text, at, end);
  return isLineEnd(text, here, end) || (here > at && text.charCodeAt(here) === HASH);
}

/** The first character from `at` on that is neither white space nor in a comment; `end` if there is none. */
export function contentAt(text: string, at: number, end: number): number {
  let here = at;
  while (here < end) {
    here = skipBlanks(text, here, end);
    if (!isLineEnd(text, here, end) && text.charCodeAt(here) !== HASH) return here;
    here = nextLine(text, here, end);
  }
  return end;
}

/** The number of columns from the start of the line to `at`; from `from`, if that is later. */
export function columnOf(text: string, from: number, at: number): number {
  return at - Math.max(from, at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1);
}
