import { BACKSLASH, DOUBLE_QUOTE, SINGLE_QUOTE } from '../text/characters.ts';
import { type Cursor, Fault, fold, isBlank, isBreak, isGap, isMarker, takeBreak } from './cursor.ts';
import type { Token } from './token.ts';

/** The escapes in double quotes (YAML 1.1, section 5.6, without `\/`, which go-yaml does not know). */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1B',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xA0',
  L: '\u2028',
  P: '\u2029',
};
/** The number of hexadecimal digits after `\x`, `\u` and `\U`. */
const CODES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Scans a scalar in quotes. Its lines may begin in any column. */
export function scanQuoted(cursor: Cursor): Token {
  const { text, at: start } = cursor;
  const quote = text.charCodeAt(start);
  let value = '';
  cursor.at += 1;
  for (;;) {
    if (isMarker(cursor)) {
      throw new Fault('a text in quotes must not hold a line that begins with `---` or `...`', cursor.at);
    }
    if (cursor.at >= text.length) throw new Fault('a text in quotes must end with a quote', start);
    const { word, isBroken } = scanWord(cursor, quote);
    value += word;
    if (text.charCodeAt(cursor.at) === quote) break;
    value += scanGap(cursor, isBroken);
  }
  cursor.at += 1;
  const style = quote === SINGLE_QUOTE ? 'Single' : 'Double';
  return { kind: 'Scalar', start, end: cursor.at, text: value, style };
}

/**
 * Scans up to a blank, a line break or the closing quote. `isBroken`: a backslash and a line break
 * ended it, and are left out.
 */
function scanWord(cursor: Cursor, quote: number): { readonly word: string; readonly isBroken: boolean } {
  const { text } = cursor;
  let word = '';
  let from = cursor.at;
  for (let code = text.charCodeAt(from); !isGap(code); code = text.charCodeAt(cursor.at)) {
    const next = text.charCodeAt(cursor.at + 1);
    if (quote === SINGLE_QUOTE && code === quote && next === quote) {
      cursor.at += 1;
      word += text.slice(from, cursor.at);
      cursor.at += 1;
      from = cursor.at;
    } else if (code === quote) {
      break;
    } else if (quote === DOUBLE_QUOTE && code === BACKSLASH) {
      word += text.slice(from, cursor.at);
      cursor.at += 1;
      if (isBreak(next)) {
        takeBreak(cursor);
        return { word, isBroken: true };
      }
      word += scanEscape(cursor);
      from = cursor.at;
    } else {
      cursor.at += 1;
    }
  }
  return { word: word + text.slice(from, cursor.at), isBroken: false };
}

function scanEscape(cursor: Cursor): string {
  const { text, at } = cursor;
  const letter = text.charAt(at);
  const known = ESCAPES[letter];
  cursor.at += 1;
  if (known !== undefined) return known;
  const digits = CODES[letter] ?? 0;
  const code = text.slice(at + 1, at + 1 + digits);
  if (digits === 0) throw new Fault(`\\${letter} is not an escape of YAML`, at - 1);
  const value = Number.parseInt(code, 16);
  const isCode = code.length === digits && /^[\da-f]+$/i.test(code) && value <= 0x10_ff_ff;
  if (!isCode || (value >= 0xd8_00 && value <= 0xdf_ff)) {
    throw new Fault(`\\${letter}${code} is not a character`, at - 1);
  }
  cursor.at += digits;
  return String.fromCodePoint(value);
}

/** Skips blanks and line breaks, and folds them. */
function scanGap(cursor: Cursor, wasBroken: boolean): string {
  const { text } = cursor;
  let [blanks, first, others] = ['', '', ''];
  let isBroken = wasBroken;
  for (let code = text.charCodeAt(cursor.at); isBlank(code) || isBreak(code); code = text.charCodeAt(cursor.at)) {
    if (isBlank(code)) {
      if (!isBroken) blanks += text.charAt(cursor.at);
      cursor.at += 1;
    } else if (isBroken) {
      others += takeBreak(cursor);
    } else {
      first = takeBreak(cursor);
      isBroken = true;
    }
  }
  return isBroken ? fold(first, others) : blanks;
}
