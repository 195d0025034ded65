import { dropKey, type Scanner } from './possible-key.ts';
import type { TokenKind } from './token.ts';

function push({ tokens, at }: Scanner, kind: TokenKind, start = at): void {
  tokens.push({ kind, start, end: at, text: '' });
}

/** Opens a block collection at a column that is deeper than the innermost open one. */
export function roll(scanner: Scanner, column: number, kind: TokenKind, start: number, index?: number): void {
  if (scanner.flow > 0 || scanner.indent >= column) return;
  scanner.indents.push(scanner.indent);
  scanner.indent = column;
  const token = { kind, start, end: start, text: '' };
  if (index === undefined) scanner.tokens.push(token);
  else scanner.tokens.splice(index, 0, token);
}

/** Closes the block collections that are deeper than a column. */
export function unroll(scanner: Scanner, column: number): void {
  if (scanner.flow > 0) return;
  while (scanner.indent > column) {
    push(scanner, 'BlockEnd');
    scanner.indent = scanner.indents.pop() ?? -1;
  }
}

/** Ends the document or the text. */
export function finish(scanner: Scanner, kind: TokenKind, length: number): void {
  unroll(scanner, -1);
  dropKey(scanner);
  scanner.mayBeKey = false;
  mark(scanner, kind, length);
}

/** Adds a token of some characters at the current position, and moves after it. */
export function mark(scanner: Scanner, kind: TokenKind, length: number): void {
  const start = scanner.at;
  scanner.at += length;
  push(scanner, kind, start);
}
