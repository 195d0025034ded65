import { type Fields, isFields } from '../fields.ts';
import { fitsLiteral, scalar } from './scalar.ts';
import type { Printed } from './slot.ts';

/** The line ends and the indentation of a file. */
export interface Layout {
  readonly eol: '\n' | '\r\n';
  /** Columns by which a mapping in a mapping is indented. */
  readonly unit: number;
  /** Whether a sequence in a mapping is indented as well, and not in the column of its key. */
  readonly wideLists: boolean;
  /**
   * The longest text, in characters, for which a sequence of strings, and a mapping that is an element of a sequence,
   * are written on one line; none are where it is absent.
   */
  readonly lineLength?: number;
}

/** The lines of the entries of a mapping, all of which begin in `column`. Those that are undefined are left out. */
export function emitEntries(value: object, column: number, layout: Layout): string {
  const margin = ' '.repeat(column);
  let lines = '';
  for (const [key, entry] of Object.entries(value)) {
    if (entry !== undefined) lines += margin + emitEntry(key, entry, column, layout);
  }
  return lines;
}

/**
 * The lines of a mapping entry whose key is in `column`. The first line comes without its
 * indentation. YAML 1.1 and 1.2 read the same value.
 */
export function emitEntry(key: string, value: unknown, column: number, layout: Layout): string {
  const { inline, block } = emitValue(value, column, layout);
  return `${scalar(key)}:${inline}${layout.eol}${block}`;
}

/** The lines of a sequence element whose `-` is in `column`; the first comes without its indentation. */
export function emitElement(value: unknown, column: number, layout: Layout): string {
  const { inline, block } = emitElementValue(value, column, layout);
  return `-${inline}${layout.eol}${block}`;
}

/**
 * What follows the `:` of an entry whose key is in `column`. A string of several lines becomes a
 * literal block, if a literal block can represent it.
 */
export function emitValue(value: unknown, column: number, layout: Layout): Printed {
  if (!isCollection(value)) return emitScalar(value, column + layout.unit, layout);
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) {
    const line = emitFlow(value, layout);
    if (line !== undefined) return { inline: ` ${line}`, block: '' };
  }
  const block = emitBlock(value, column, layout);
  return block === '' ? emitScalar(value, column, layout) : { inline: '', block };
}

/** A value on one line, where the layout has that and it is short enough. */
function emitFlow(value: unknown, { lineLength = 0 }: Layout): string | undefined {
  const text = flow(value, lineLength);
  return text !== undefined && text.length <= lineLength ? text : undefined;
}

/** Nothing where it would be longer than that, or holds a string of several lines. */
function flow(value: unknown, most: number): string | undefined {
  if (most <= 0) return undefined;
  if (typeof value === 'string') return value.includes('\n') ? undefined : scalar(value, 'Plain', true);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  let text = '';
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    const inner = flow(entry, most - text.length);
    if (inner === undefined) return undefined;
    text += `${text === '' ? '' : ', '}${isList ? '' : `${scalar(key, 'Plain', true)}: `}${inner}`;
  }
  if (isList) return `[${text}]`;
  return text === '' ? '{}' : `{ ${text} }`;
}

/** What follows the `-` of an element in `column`. Entries of the element begin two columns after the `-`. */
export function emitElementValue(value: unknown, column: number, layout: Layout): Printed {
  const inner = column + 2;
  if (!isCollection(value)) return emitScalar(value, inner, layout);
  const line = isFields(value) ? emitFlow(value, layout) : undefined;
  if (line !== undefined) return { inline: ` ${line}`, block: '' };
  const block = isFields(value) ? emitEntries(value, inner, layout) : emitList(value, inner, layout);
  if (block === '') return emitScalar(value, inner, layout);
  const newline = block.indexOf(layout.eol);
  return { inline: ` ${block.slice(inner, newline)}`, block: block.slice(newline + layout.eol.length) };
}

function emitBlock(value: Fields | readonly unknown[], column: number, layout: Layout): string {
  return isFields(value)
    ? emitEntries(value, column + layout.unit, layout)
    : emitList(value, column + (layout.wideLists ? layout.unit : 0), layout);
}

function emitList(values: readonly unknown[], column: number, layout: Layout): string {
  const margin = ' '.repeat(column);
  let lines = '';
  for (const value of values) lines += margin + emitElement(value, column, layout);
  return lines;
}

function emitScalar(value: unknown, column: number, { eol }: Layout): Printed {
  if (typeof value !== 'string') return { inline: ` ${JSON.stringify(value)}`, block: '' };
  if (!fitsLiteral(value)) return { inline: ` ${scalar(value)}`, block: '' };
  const isClosed = value.endsWith('\n');
  const margin = ' '.repeat(column);
  const lines = (isClosed ? value.slice(0, -1) : value).replaceAll(/\n(?!\n)/g, `\n${margin}`);
  return {
    inline: isClosed ? ' |' : ' |-',
    block: margin + (eol === '\n' ? lines : lines.replaceAll('\n', eol)) + eol,
  };
}

function isCollection(value: unknown): value is Fields | readonly unknown[] {
  return typeof value === 'object' && value !== null;
}
