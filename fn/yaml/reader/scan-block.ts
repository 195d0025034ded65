import { DASH, PIPE, TAB } from '../text/characters.ts';
import { skipSpaces } from '../text/lines.ts';
import {
  columnAt,
  type Cursor,
  Fault,
  isBlank,
  isGap,
  skipBlanks,
  skipComment,
  skipLine,
  takeBreak,
} from './cursor.ts';
import type { Token } from './token.ts';

const ZERO = 48;

/** The header of a block scalar, after its `|` or `>`. */
interface Header {
  readonly chomping: 'Clip' | 'Strip' | 'Keep';
  /** By how many columns the text is indented; 0 if its first line determines that. */
  readonly indentation: number;
}

/**
 * Scans a block scalar, literal or folded (YAML 1.1, section 9.3), up to the line after it. With
 * the chomping indicator `+`, the empty lines after it belong to it.
 */
export function scanBlock(cursor: Cursor): Token {
  const { text, at: start } = cursor;
  const isLiteral = text.charCodeAt(start) === PIPE;
  const { chomping, indentation } = scanHeader(cursor);
  const margin = indentation === 0 ? 0 : Math.max(cursor.indent, 0) + indentation;
  let value = '';
  let end = cursor.at;
  let gap = scanBreaks(cursor, margin);
  const { indent } = gap;
  let [lineEnd, wasBlank] = ['', false];
  while (columnAt(cursor) === indent && cursor.at < text.length) {
    const startsBlank = isBlank(text.charCodeAt(cursor.at));
    const isFolded = !isLiteral && !wasBlank && !startsBlank && lineEnd === '\n';
    if (!isFolded) value += lineEnd;
    else if (gap.breaks === '') value += ' ';
    value += gap.breaks;
    wasBlank = startsBlank;
    const line = cursor.at;
    skipLine(cursor);
    value += text.slice(line, cursor.at);
    lineEnd = takeBreak(cursor);
    end = cursor.at;
    gap = scanBreaks(cursor, indent);
  }
  if (chomping !== 'Strip') value += lineEnd;
  if (chomping === 'Keep') value += gap.breaks;
  return {
    kind: 'Scalar',
    start,
    end: chomping === 'Keep' ? gap.end : end,
    text: value,
    style: isLiteral ? 'Literal' : 'Folded',
  };
}

function scanHeader(cursor: Cursor): Header {
  const { text, at: start } = cursor;
  const [, before = '', digit = '', after = ''] = /^([-+]?)(\d?)([-+]?)/.exec(text.slice(start + 1, start + 4)) ?? [];
  const sign = before || after;
  const isTwice = before !== '' && after !== '';
  if (digit === '0') throw new Fault('the indentation of a block must be a digit from 1 to 9', start);
  cursor.at += 1 + (isTwice ? before + digit : before + digit + after).length;
  skipBlanks(cursor);
  skipComment(cursor);
  if (!isGap(text.charCodeAt(cursor.at)))
    throw new Fault('a block must begin on the line below its `|` or `>`', cursor.at);
  takeBreak(cursor);
  const chomping = sign === '' ? 'Clip' : sign.charCodeAt(0) === DASH ? 'Strip' : 'Keep';
  return { chomping, indentation: digit === '' ? 0 : digit.charCodeAt(0) - ZERO };
}

/**
 * Skips empty lines, and the indentation of the next line. Returns the line breaks, the
 * indentation, and the end of the empty lines. If `indent` is 0, the indentation is detected.
 */
function scanBreaks(
  cursor: Cursor,
  indent: number,
): { readonly breaks: string; readonly indent: number; readonly end: number } {
  const { text } = cursor;
  let [breaks, deepest, end] = ['', 0, cursor.at];
  for (;;) {
    cursor.at = skipSpaces(
      text,
      cursor.at,
      indent === 0 ? text.length : Math.min(text.length, cursor.lineStart + indent),
    );
    deepest = Math.max(deepest, columnAt(cursor));
    if ((indent === 0 || columnAt(cursor) < indent) && text.charCodeAt(cursor.at) === TAB) {
      throw new Fault('tabs must not be used as indentation', cursor.at);
    }
    const lineBreak = takeBreak(cursor);
    if (lineBreak === '') break;
    breaks += lineBreak;
    end = cursor.at;
  }
  return { breaks, end, indent: indent === 0 ? Math.max(deepest, cursor.indent + 1, 1) : indent };
}
