import {
  AMPERSAND,
  ASTERISK,
  AT,
  BACKTICK,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DASH,
  DOUBLE_QUOTE,
  EXCLAMATION,
  GREATER,
  OPEN_BRACE,
  OPEN_BRACKET,
  PERCENT,
  PIPE,
  QUESTION,
  SINGLE_QUOTE,
  TAB,
} from '../text/characters.ts';
import { finish, mark, roll, unroll } from './block-indent.ts';
import { columnAt, type Cursor, Fault, isGap, isMarker } from './cursor.ts';
import { dropKey, isAlive, saveKey, type Scanner } from './possible-key.ts';
import { scanBlock } from './scan-block.ts';
import { scanPlain } from './scan-plain.ts';
import { scanAnchor, scanDirective, scanTag } from './scan-property.ts';
import { scanQuoted } from './scan-quoted.ts';
import { skipToToken } from './skip-to-token.ts';
import type { Token, TokenKind } from './token.ts';

export type { Scanner } from './possible-key.ts';

export function scannerOf(text: string): Scanner {
  const at = text.startsWith('\uFEFF') ? 1 : 0;
  return {
    text,
    at,
    lineStart: at,
    indent: -1,
    flow: 0,
    hasComments: false,
    tokens: [],
    taken: 0,
    indents: [],
    keys: [undefined],
    mayBeKey: true,
  };
}

/**
 * The next token, without taking it.
 * @throws {@link Fault}
 */
export function peek(scanner: Scanner): Token {
  const { tokens } = scanner;
  let first = tokens[0];
  while (first === undefined || mayBecomeKey(scanner)) {
    fetchToken(scanner);
    first = tokens[0];
  }
  return first;
}

/** Whether a colon that was not seen yet could make the next token a key. */
function mayBecomeKey(scanner: Scanner): boolean {
  const { keys, taken } = scanner;
  for (const key of keys) if (key?.number === taken && isAlive(scanner, key)) return true;
  return false;
}

/**
 * Takes the next token.
 * @throws {@link Fault}
 */
export function next(scanner: Scanner): Token {
  const token = peek(scanner);
  scanner.tokens.shift();
  scanner.taken += 1;
  return token;
}

function fetchToken(scanner: Scanner): void {
  skipToToken(scanner);
  const { text, at } = scanner;
  unroll(scanner, columnAt(scanner));
  const code = text.charCodeAt(at);
  if (at >= text.length) {
    // No key continues after the end of the text.
    scanner.lineStart = at + 1;
    return finish(scanner, 'StreamEnd', 0);
  }
  if (at === scanner.lineStart && code === PERCENT) return fetchDirective(scanner);
  if (isMarker(scanner)) return finish(scanner, code === DASH ? 'DocumentStart' : 'DocumentEnd', 3);
  const isAlone = isGap(text.charCodeAt(at + 1));
  const { flow } = scanner;
  if (code === OPEN_BRACKET) return openFlow(scanner, 'FlowList');
  if (code === OPEN_BRACE) return openFlow(scanner, 'FlowMap');
  if (code === CLOSE_BRACKET) return closeFlow(scanner, 'FlowListEnd');
  if (code === CLOSE_BRACE) return closeFlow(scanner, 'FlowMapEnd');
  if (code === COMMA) return indicator(scanner, 'Comma', true);
  if (code === DASH && isAlone) return fetchElement(scanner);
  if (code === QUESTION && (flow > 0 || isAlone)) return fetchKey(scanner);
  if (code === COLON && (flow > 0 || isAlone)) return fetchValue(scanner);
  if (code === ASTERISK) return fetchNode(scanner, (cursor) => scanAnchor(cursor, 'Alias'));
  if (code === AMPERSAND) return fetchNode(scanner, (cursor) => scanAnchor(cursor, 'Anchor'));
  if (code === EXCLAMATION) return fetchNode(scanner, scanTag);
  if ((code === PIPE || code === GREATER) && flow === 0) return fetchBlock(scanner);
  if (code === SINGLE_QUOTE || code === DOUBLE_QUOTE) return fetchNode(scanner, scanQuoted);
  if (code === TAB) throw new Fault('tabs must not be used as indentation', at);
  if (isGap(code) || code === PIPE || code === GREATER || code === PERCENT || code === AT || code === BACKTICK) {
    throw new Fault(`no value can begin with ${JSON.stringify(text.charAt(at))}: put it in quotes`, at);
  }
  return fetchPlain(scanner);
}

function fetchDirective(scanner: Scanner): void {
  unroll(scanner, -1);
  dropKey(scanner);
  scanner.mayBeKey = false;
  scanner.tokens.push(scanDirective(scanner));
}

function openFlow(scanner: Scanner, kind: TokenKind): void {
  saveKey(scanner);
  scanner.keys.push(undefined);
  scanner.flow += 1;
  scanner.mayBeKey = true;
  mark(scanner, kind, 1);
}

function closeFlow(scanner: Scanner, kind: TokenKind): void {
  dropKey(scanner);
  if (scanner.flow > 0) {
    scanner.flow -= 1;
    scanner.keys.pop();
  }
  scanner.mayBeKey = false;
  mark(scanner, kind, 1);
}

function indicator(scanner: Scanner, kind: TokenKind, mayBeKey: boolean): void {
  dropKey(scanner);
  scanner.mayBeKey = mayBeKey;
  mark(scanner, kind, 1);
}

function fetchElement(scanner: Scanner): void {
  if (scanner.flow === 0 && !scanner.mayBeKey) throw new Fault('a list must begin on a separate line', scanner.at);
  roll(scanner, columnAt(scanner), 'BlockList', scanner.at);
  indicator(scanner, 'Element', true);
}

function fetchKey(scanner: Scanner): void {
  if (scanner.flow === 0 && !scanner.mayBeKey) throw new Fault('a key must begin on a separate line', scanner.at);
  roll(scanner, columnAt(scanner), 'BlockMap', scanner.at);
  indicator(scanner, 'Key', scanner.flow === 0);
}

function fetchValue(scanner: Scanner): void {
  const { keys, tokens, taken, flow } = scanner;
  const key = keys.at(-1);
  if (key !== undefined && isAlive(scanner, key)) {
    const index = key.number - taken;
    tokens.splice(index, 0, { kind: 'Key', start: key.start, end: key.start, text: '' });
    roll(scanner, key.start - key.lineStart, 'BlockMap', key.start, index);
    scanner.mayBeKey = false;
  } else {
    if (flow === 0 && !scanner.mayBeKey) {
      throw new Fault(
        'a text with a colon and a space in it must be in quotes, and a map must begin on a separate line',
        scanner.at,
      );
    }
    roll(scanner, columnAt(scanner), 'BlockMap', scanner.at);
    scanner.mayBeKey = flow === 0;
  }
  keys[keys.length - 1] = undefined;
  mark(scanner, 'Value', 1);
}

/** Scans a token that may be a key, or come before one. */
function fetchNode(scanner: Scanner, scan: (cursor: Cursor) => Token): void {
  saveKey(scanner);
  scanner.mayBeKey = false;
  scanner.tokens.push(scan(scanner));
}

function fetchBlock(scanner: Scanner): void {
  dropKey(scanner);
  scanner.mayBeKey = true;
  scanner.tokens.push(scanBlock(scanner));
}

function fetchPlain(scanner: Scanner): void {
  saveKey(scanner);
  const { token, endsLine } = scanPlain(scanner);
  scanner.mayBeKey = endsLine;
  scanner.tokens.push(token);
}
