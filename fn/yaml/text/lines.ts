/** Line by line reading of YAML text. Offsets are UTF-16 units into the whole text; `end` is never read. */

import { CARRIAGE_RETURN, HASH, LINE_FEED, SPACE, TAB } from './characters.ts';

/** Where the line after the one that holds `at` begins. */
export function nextLine(text: string, at: number, end: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 || feed >= end ? end : feed + 1;
}

const SHALLOW: RegExp[] = [];

/** Where the next line after the one that holds `at` begins whose indentation is at most `column` spaces, an empty one among them. */
export function nextShallowLine(text: string, at: number, end: number, column: number): number {
  // A pattern passes over deep lines some times faster than a loop.
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

/** Whether a space, a tab or the end of the line stands at `at`: what must follow the indicators `-`, `:`, `---` and `...`. */
export function isSeparated(text: string, at: number, end: number): boolean {
  if (isLineEnd(text, at, end)) return true;
  const code = text.charCodeAt(at);
  return code === SPACE || code === TAB;
}

/** Whether nothing but blanks and a comment follows `at` in its line. */
export function isRestEmpty(text: string, at: number, end: number): boolean {
  const here = skipBlanks(text, at, end);
  return isLineEnd(text, here, end) || (here > at && text.charCodeAt(here) === HASH);
}

/** The first character from `at` on that belongs neither to white space nor to a comment; `end` if there is none. */
export function contentAt(text: string, at: number, end: number): number {
  let here = at;
  while (here < end) {
    here = skipBlanks(text, here, end);
    if (!isLineEnd(text, here, end) && text.charCodeAt(here) !== HASH) return here;
    here = nextLine(text, here, end);
  }
  return end;
}

/** Columns between the start of the line, or `from` where that is later, and `at`. */
export function columnOf(text: string, from: number, at: number): number {
  return at - Math.max(from, at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1);
}
