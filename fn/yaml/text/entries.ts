import {
  AMPERSAND,
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  DASH,
  DOUBLE_QUOTE,
  EXCLAMATION,
  HASH,
  OPEN_BRACE,
  OPEN_BRACKET,
  SINGLE_QUOTE,
  SPACE,
  TAB,
} from './characters.ts';
import {
  columnOf,
  contentAt,
  isLineEnd,
  isRestEmpty,
  isSeparated,
  nextLine,
  nextShallowLine,
  skipBlanks,
  skipSpaces,
} from './lines.ts';

/** A key of a mapping, and its place in the text. */
export interface Entry {
  readonly key: string;
  /** The offset of the key. */
  readonly start: number;
  /** The offset after the colon. */
  readonly value: number;
  /**
   * The offset of the line of the next key, or the end of the mapping; in a flow mapping, the end
   * of the value.
   */
  readonly end: number;
}

/**
 * The entries of a block mapping, found without parsing. The first key is at `start`. Each key is
 * on a line of its own, in `column`; everything deeper belongs to the value above it. Undefined if
 * parsing has to decide: for flow style, anchors on keys, explicit keys, and values that may
 * continue after their lines.
 */
export function entriesOf(text: string, start: number, end: number, column: number): Entry[] | undefined {
  const entries: Entry[] = [];
  let open: { key: string; start: number; value: number } | undefined;
  for (let line = start; line < end; line = nextShallowLine(text, line, end, column)) {
    const at = line === start ? start : skipSpaces(text, line, end);
    const code = text.charCodeAt(at);
    if (code === HASH || isLineEnd(text, skipBlanks(text, at, end), end)) continue;
    if (line !== start && at - line < column) return undefined;
    if (code === DASH && isSeparated(text, at + 1, end)) {
      // A sequence may be in the column of its own key.
      if (open === undefined || !isRestEmpty(text, open.value, end)) return undefined;
      continue;
    }
    const colon = colonOf(text, at, end);
    if (colon < 0 || !endsInLine(text, colon + 1, end)) return undefined;
    if (open !== undefined) entries.push({ ...open, end: line });
    open = { key: keyOf(text, at, colon), start: at, value: colon + 1 };
  }
  if (open !== undefined) entries.push({ ...open, end });
  return entries;
}

/** The entries of the block mapping below an entry in `column`; undefined if parsing has to decide. */
export function entriesBelow(text: string, entry: Entry, column: number): Entry[] | undefined {
  if (!isRestEmpty(text, entry.value, entry.end)) return undefined;
  const first = contentAt(text, nextLine(text, entry.value, entry.end), entry.end);
  const depth = columnOf(text, 0, first);
  if (first >= entry.end || depth <= column || skipSpaces(text, first - depth, first) !== first) return undefined;
  return entriesOf(text, first, entry.end, depth);
}

/** The colon after a key that is plain, or quoted without escapes; -1 if there is none. */
function colonOf(text: string, at: number, end: number): number {
  const quote = text.charCodeAt(at);
  let here = at;
  if (quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE) {
    here = quotedEnd(text, at, end);
    if (here < 0) return -1;
  } else {
    while (here < end && isWord(text.charCodeAt(here))) here += 1;
    if (here === at) return -1;
  }
  return here < end && text.charCodeAt(here) === COLON && isSeparated(text, here + 1, end) ? here : -1;
}

function keyOf(text: string, at: number, colon: number): string {
  const code = text.charCodeAt(at);
  return code === DOUBLE_QUOTE || code === SINGLE_QUOTE ? text.slice(at + 1, colon - 1) : text.slice(at, colon);
}

/** The offset after a quoted scalar without escapes that ends on its line, or -1. */
function quotedEnd(text: string, at: number, end: number): number {
  const quote = text.charCodeAt(at);
  for (let here = at + 1; here < end; here += 1) {
    const code = text.charCodeAt(here);
    if (code < SPACE && code !== TAB) return -1;
    if (code === BACKSLASH && quote === DOUBLE_QUOTE) return -1;
    if (code === quote) return text.charCodeAt(here + 1) === quote && here + 1 < end ? -1 : here + 1;
  }
  return -1;
}

/** Whether the value after `at` ends on its line, or can only continue on deeper lines. */
function endsInLine(text: string, at: number, end: number): boolean {
  const here = skipBlanks(text, at, end);
  if (isLineEnd(text, here, end)) return true;
  const code = text.charCodeAt(here);
  const line = nextLine(text, here, end);
  if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
    const close = closingQuote(text, here, line);
    return close >= 0 && isRestEmpty(text, close + 1, end);
  }
  if (code === OPEN_BRACE || code === OPEN_BRACKET) return isBalanced(text, here, line);
  // After an anchor or a tag, any value can begin.
  return (code !== AMPERSAND && code !== EXCLAMATION) || !/["'{[]/.test(text.slice(here, line));
}

/** The closing quote of a scalar that may have escapes; -1 if it does not come before `end`. */
function closingQuote(text: string, at: number, end: number): number {
  const quote = text.charCodeAt(at);
  for (let here = at + 1; here < end; here += 1) {
    const code = text.charCodeAt(here);
    if (code === BACKSLASH && quote === DOUBLE_QUOTE) here += 1;
    else if (code === quote && quote === SINGLE_QUOTE && text.charCodeAt(here + 1) === quote) here += 1;
    else if (code === quote) return here;
  }
  return -1;
}

/** Whether as many brackets close as open. Brackets in quotes count, too. */
function isBalanced(text: string, at: number, end: number): boolean {
  let depth = 0;
  for (let here = at; here < end; here += 1) {
    const code = text.charCodeAt(here);
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
  }
  return depth === 0;
}

/** Letters, digits and `_ . / -`. Plain keys and scalars of only these characters need no parsing. */
export function isWord(code: number): boolean {
  const lower = code | 32;
  return (lower >= 97 && lower <= 122) || (code >= 45 && code <= 57) || code === 95;
}

/** A scalar that was read without parsing, and its range with its quotes. */
export interface Scalar {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The string that an entry holds: one scalar that is plain, or quoted without escapes. Undefined
 * for other values.
 */
export function scalarOf(text: string, entry: Entry): Scalar | undefined {
  const start = skipBlanks(text, entry.value, entry.end);
  if (start >= entry.end) return undefined;
  const code = text.charCodeAt(start);
  const quoted = code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
  const end = quoted ? quotedEnd(text, start, entry.end) : plainEnd(text, start, entry.end);
  if (end < 0 || !isRestEmpty(text, end, entry.end)) return undefined;
  for (let line = nextLine(text, end, entry.end); line < entry.end; line = nextLine(text, line, entry.end)) {
    const at = skipBlanks(text, line, entry.end);
    if (!isLineEnd(text, at, entry.end) && text.charCodeAt(at) !== HASH) return undefined;
  }
  if (quoted) return { value: text.slice(start + 1, end - 1), start, end };
  const value = text.slice(start, end);
  return isReserved(value) ? undefined : { value, start, end };
}

/** The offset after a plain scalar of letters, digits and `_ . / - :` that begins with a letter, or -1. */
function plainEnd(text: string, at: number, end: number): number {
  const first = text.charCodeAt(at) | 32;
  if (first < 97 || first > 122) return -1;
  let here = at;
  while (here < end && (isWord(text.charCodeAt(here)) || text.charCodeAt(here) === COLON)) here += 1;
  return text.charCodeAt(here - 1) === COLON ? -1 : here;
}

/** Words that YAML 1.1 or 1.2 does not read as strings, in upper or lower case. */
function isReserved(value: string): boolean {
  return value.length <= 5 && /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value);
}
