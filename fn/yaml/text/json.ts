import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COMMA, DOUBLE_QUOTE, OPEN_BRACE, OPEN_BRACKET } from './characters.ts';
import { LIMITS } from '../limits.ts';
import type { Entry } from './entries.ts';
import { MAX_DEPTH } from '../parse.ts';

/** Offsets in a text; `end` is not included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The value of a JSON text (RFC 8259); undefined if it is not JSON, or nests deeper than
 * {@link MAX_DEPTH}.
 */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  const first = text.charCodeAt(skipWhite(text, 0));
  if ((first !== OPEN_BRACE && first !== OPEN_BRACKET) || depthOf(text) > MAX_DEPTH) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** The members of the JSON object that opens at `at`. */
export function jsonMembers(text: string, at: number): Entry[] {
  const members: Entry[] = [];
  let here = skipWhite(text, at + 1);
  while (text.charCodeAt(here) === DOUBLE_QUOTE) {
    const start = here;
    const quote = stringEnd(text, start);
    const value = text.indexOf(':', quote) + 1;
    const end = valueEnd(text, skipWhite(text, value));
    members.push({ key: String(JSON.parse(text.slice(start, quote))), start, value, end });
    here = skipWhite(text, end);
    if (text.charCodeAt(here) === COMMA) here = skipWhite(text, here + 1);
  }
  return members;
}

/**
 * The JSON objects between two offsets, one after another, as jq prints them; undefined if there is
 * anything else.
 */
export function jsonObjects(text: string, start: number, end: number): readonly Range[] | undefined {
  const objects: Range[] = [];
  for (let at = skipWhite(text, start); at < end; at = skipWhite(text, objects.at(-1)?.end ?? end)) {
    const close = text.charCodeAt(at) === OPEN_BRACE ? valueEnd(text, at) : end + 1;
    if (close > end || parseJson(text.slice(at, close)) === undefined) return undefined;
    objects.push({ start: at, end: close });
  }
  return objects;
}

/** The elements of the JSON array that opens at `at`. */
export function jsonElements(text: string, at: number): Range[] {
  const elements: Range[] = [];
  let here = skipWhite(text, at + 1);
  while (here < text.length && text.charCodeAt(here) !== CLOSE_BRACKET && elements.length <= LIMITS.OBJECTS) {
    const end = valueEnd(text, here);
    elements.push({ start: here, end });
    here = skipWhite(text, end);
    if (text.charCodeAt(here) === COMMA) here = skipWhite(text, here + 1);
  }
  return elements;
}

/** The offset after the value that begins at `at`. */
function valueEnd(text: string, at: number): number {
  let depth = 0;
  let here = at;
  while (here < text.length) {
    const code = text.charCodeAt(here);
    if (code === DOUBLE_QUOTE) {
      here = stringEnd(text, here);
      if (depth === 0) return here;
      continue;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (depth === 0 && (code <= 32 || code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET))
      return here;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return here + 1;
    }
    here += 1;
  }
  return text.length;
}

/** The offset after the string that opens at `at`. */
function stringEnd(text: string, at: number): number {
  for (let here = at + 1; here < text.length; here += 1) {
    const code = text.charCodeAt(here);
    if (code === BACKSLASH) here += 1;
    else if (code === DOUBLE_QUOTE) return here + 1;
  }
  return text.length;
}

function skipWhite(text: string, at: number): number {
  let here = at;
  while (here < text.length && text.charCodeAt(here) <= 32) here += 1;
  return here;
}

/** The deepest nesting of brackets outside of strings. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (let here = 0; here < text.length; here += 1) {
    const code = text.charCodeAt(here);
    if (code === DOUBLE_QUOTE) here = stringEnd(text, here) - 1;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) deepest = Math.max(deepest, (depth += 1));
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
  }
  return deepest;
}
