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

/** One key of a map and its place in the text. */
export interface Entry {
  readonly key: string;
  /** The first character of the key. */
  readonly start: number;
  /** Just behind the colon. */
  readonly value: number;
  /** Where the line of the next key begins or the map ends; in a flow map, where the value ends. */
  readonly end: number;
}

/**
 * The keys of a block map, found without parsing: one line each at `column`, everything deeper belongs to the value above it.
 * `start` is the first key. Returns nothing for whatever is not plainly that (flow style, anchors on keys, explicit keys,
 * values that could reach beyond their lines): a real parse has to decide then.
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
      // A sequence may stand at the column of its own key.
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

/** The keys of the block map that an entry at `column` holds, on the lines below it; nothing where that is not plainly so. */
export function entriesBelow(text: string, entry: Entry, column: number): Entry[] | undefined {
  if (!isRestEmpty(text, entry.value, entry.end)) return undefined;
  const first = contentAt(text, nextLine(text, entry.value, entry.end), entry.end);
  const depth = columnOf(text, 0, first);
  if (first >= entry.end || depth <= column || skipSpaces(text, first - depth, first) !== first) return undefined;
  return entriesOf(text, first, entry.end, depth);
}

/** The colon behind a plain or simply quoted key, or -1. */
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

/** Behind the closing quote of a scalar without escapes that ends in its own line, or -1. */
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

/** Whether a value that opens behind `at` either closes in that line or can only go on in deeper lines. */
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
  // Behind an anchor or a tag anything could open.
  return (code !== AMPERSAND && code !== EXCLAMATION) || !/["'{[]/.test(text.slice(here, line));
}

/** The quote that closes a scalar, escapes and all; -1 if it does not come before `end`. */
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

/** Whether as many brackets close as open; brackets in quotes count too, so that a wrong answer is a careful one. */
function isBalanced(text: string, at: number, end: number): boolean {
  let depth = 0;
  for (let here = at; here < end; here += 1) {
    const code = text.charCodeAt(here);
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
  }
  return depth === 0;
}

/** Letters, digits and `_ . / -`: no indicator, so plain keys and scalars of these characters mean what they spell. */
export function isWord(code: number): boolean {
  const lower = code | 32;
  return (lower >= 97 && lower <= 122) || (code >= 45 && code <= 57) || code === 95;
}

/** A scalar that was read without parsing, and its place (with its quotes). */
export interface Scalar {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** The string that an entry holds, if it is a single plain or simply quoted one. Undefined for other values. */
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

/** Behind a plain scalar of letters, digits, `_ . / - :` that begins with a letter, or -1. */
function plainEnd(text: string, at: number, end: number): number {
  const first = text.charCodeAt(at) | 32;
  if (first < 97 || first > 122) return -1;
  let here = at;
  while (here < end && (isWord(text.charCodeAt(here)) || text.charCodeAt(here) === COLON)) here += 1;
  return text.charCodeAt(here - 1) === COLON ? -1 : here;
}

/** Words that are no strings in YAML 1.1 or 1.2, in any case of their letters. */
function isReserved(value: string): boolean {
  return value.length <= 5 && /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value);
}
