import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  HASH,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUESTION,
  TAB,
} from '../text/characters.ts';
import { columnAt, type Cursor, Fault, fold, isBlank, isBreak, isGap, isMarker, takeBreak } from './cursor.ts';
import type { Token } from './token.ts';

/** A plain scalar, and whether a line break follows it. */
export interface Plain {
  readonly token: Token;
  readonly endsLine: boolean;
}

/** Scans a plain scalar. It may continue on lines that are indented deeper. */
export function scanPlain(cursor: Cursor): Plain {
  const { text, at: start, indent } = cursor;
  let value = '';
  let end = start;
  let isBroken = false;
  let joint = '';
  while (!isMarker(cursor) && text.charCodeAt(cursor.at) !== HASH) {
    const word = cursor.at;
    skipWord(cursor);
    if (cursor.at > word) {
      value += joint + text.slice(word, cursor.at);
      end = cursor.at;
      isBroken = false;
      joint = '';
    }
    const code = text.charCodeAt(cursor.at);
    if (!isBlank(code) && !isBreak(code)) break;
    let first = '';
    let others = '';
    for (let next = code; isBlank(next) || isBreak(next); next = text.charCodeAt(cursor.at)) {
      if (isBreak(next)) {
        if (isBroken) others += takeBreak(cursor);
        else first = takeBreak(cursor);
        isBroken = true;
        joint = '';
        continue;
      }
      if (isBroken && next === TAB && columnAt(cursor) <= indent) {
        throw new Fault('tabs must not be used as indentation', cursor.at);
      }
      if (!isBroken) joint += text.charAt(cursor.at);
      cursor.at += 1;
    }
    if (isBroken) joint = fold(first, others);
    if (cursor.flow === 0 && columnAt(cursor) <= indent) break;
  }
  return { token: { kind: 'Scalar', start, end, text: value, style: 'Plain' }, endsLine: isBroken };
}

function skipWord(cursor: Cursor): void {
  const { text, flow } = cursor;
  for (let code = text.charCodeAt(cursor.at); !isGap(code); code = text.charCodeAt(cursor.at)) {
    if (code === COLON && isGap(text.charCodeAt(cursor.at + 1))) return;
    if (flow > 0 && endsInFlow(code)) return;
    cursor.at += 1;
  }
}

function endsInFlow(code: number): boolean {
  return (
    code === COMMA ||
    code === QUESTION ||
    code === OPEN_BRACKET ||
    code === CLOSE_BRACKET ||
    code === OPEN_BRACE ||
    code === CLOSE_BRACE
  );
}
