import { CARRIAGE_RETURN, DASH, DOT, HASH, LINE_FEED, SPACE, TAB } from '../text/characters.ts';
import type { Failure } from './failure.ts';

const NEXT_LINE = 0x85;
const LINE_SEPARATOR = 0x2028;
const PARAGRAPH_SEPARATOR = 0x2029;

/** The position of a reader in a text, and the enclosing collections. */
export interface Cursor {
  readonly text: string;
  at: number;
  /** Where the line that holds `at` begins. */
  lineStart: number;
  /** The column of the innermost block collection; -1 outside of all. */
  indent: number;
  /** How many brackets are open. */
  flow: number;
  /** Whether a comment was passed. */
  hasComments: boolean;
}

/** What cannot be read; caught where a document is composed. */
export class Fault extends Error {
  readonly failure: Failure;

  constructor(reason: string, offset: number) {
    super(reason);
    this.failure = { reason, offset };
  }
}

export function columnAt({ at, lineStart }: Cursor): number {
  return at - lineStart;
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** What ends a line in YAML 1.1 (5.4). */
export function isBreak(code: number): boolean {
  return (
    code === LINE_FEED ||
    code === CARRIAGE_RETURN ||
    code === NEXT_LINE ||
    code === LINE_SEPARATOR ||
    code === PARAGRAPH_SEPARATOR
  );
}

/** Whether there is a blank, a line end or the end of the text. */
export function isGap(code: number): boolean {
  return isBlank(code) || isBreak(code) || Number.isNaN(code);
}

/** Skips a line end and returns its meaning; empty at the end of the text. */
export function takeBreak(cursor: Cursor): string {
  const { text, at } = cursor;
  const code = text.charCodeAt(at);
  if (!isBreak(code)) return '';
  cursor.at += code === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED ? 2 : 1;
  cursor.lineStart = cursor.at;
  return code === LINE_SEPARATOR || code === PARAGRAPH_SEPARATOR ? text.charAt(at) : '\n';
}

/** Skips a comment, if there is one. */
export function skipComment(cursor: Cursor): void {
  if (cursor.text.charCodeAt(cursor.at) !== HASH) return;
  cursor.hasComments = true;
  skipLine(cursor);
}

/** Goes to the end of the line. */
export function skipLine(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && !isBreak(cursor.text.charCodeAt(cursor.at))) cursor.at += 1;
}

export function skipBlanks(cursor: Cursor): void {
  while (isBlank(cursor.text.charCodeAt(cursor.at))) cursor.at += 1;
}

/** Whether `---` or `...` stands at the beginning of the line; `code` asks for one of both. */
export function isMarker(cursor: Cursor, code?: number): boolean {
  const { text, at, lineStart } = cursor;
  const first = text.charCodeAt(at);
  if (at !== lineStart || (first !== DASH && first !== DOT) || (code !== undefined && first !== code)) return false;
  return text.charCodeAt(at + 1) === first && text.charCodeAt(at + 2) === first && isGap(text.charCodeAt(at + 3));
}

/** The meaning of a line end between two words, with the empty lines behind it. */
export function fold(first: string, others: string): string {
  if (first !== '\n') return first + others;
  return others === '' ? ' ' : others;
}
