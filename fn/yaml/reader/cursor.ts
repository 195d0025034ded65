import { CARRIAGE_RETURN, DASH, DOT, HASH, LINE_FEED, SPACE, TAB } from '../text/characters.ts';
import type { Failure } from './failure.ts';

const NEXT_LINE = 0x85;
const LINE_SEPARATOR = 0x2028;
const PARAGRAPH_SEPARATOR = 0x2029;

/** A position in a text, and the collections that are open there. */
export interface Cursor {
  readonly text: string;
  at: number;
  /** The offset of the line that contains `at`. */
  lineStart: number;
  /** The column of the innermost block collection; -1 outside of all. */
  indent: number;
  /** The number of open flow collections. */
  flow: number;
  /** Whether a comment was skipped. */
  hasComments: boolean;
}

/** Thrown for YAML that cannot be read. The functions that read a document catch it. */
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

/** Whether a character is a line break in YAML 1.1 (section 5.4). */
export function isBreak(code: number): boolean {
  return (
    code === LINE_FEED ||
    code === CARRIAGE_RETURN ||
    code === NEXT_LINE ||
    code === LINE_SEPARATOR ||
    code === PARAGRAPH_SEPARATOR
  );
}

/** Whether a character is a blank or a line break, or the text ends there (NaN). */
export function isGap(code: number): boolean {
  return isBlank(code) || isBreak(code) || Number.isNaN(code);
}

/** Skips a line break, and returns it as YAML normalizes it; an empty string if there is none. */
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

/** Moves to the end of the line. */
export function skipLine(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && !isBreak(cursor.text.charCodeAt(cursor.at))) cursor.at += 1;
}

export function skipBlanks(cursor: Cursor): void {
  while (isBlank(cursor.text.charCodeAt(cursor.at))) cursor.at += 1;
}

/**
 * Whether the position is at the start of a line, and a marker (`---` or `...`) is there. With
 * `code`, only the marker of that character counts.
 */
export function isMarker(cursor: Cursor, code?: number): boolean {
  const { text, at, lineStart } = cursor;
  const first = text.charCodeAt(at);
  if (at !== lineStart || (first !== DASH && first !== DOT) || (code !== undefined && first !== code)) return false;
  return text.charCodeAt(at + 1) === first && text.charCodeAt(at + 2) === first && isGap(text.charCodeAt(at + 3));
}

/** Folds the line breaks between two words: the first one, and those of the empty lines after it. */
export function fold(first: string, others: string): string {
  if (first !== '\n') return first + others;
  return others === '' ? ' ' : others;
}
