import { isFields } from '../fields.ts';
import { fitsLiteral, scalar } from './scalar.ts';
import type { Printed } from './slot.ts';

/** The line ends and the indentation of a file. */
export interface Layout {
  readonly eol: '\n' | '\r\n';
  /** Columns by which a mapping in a mapping is indented. */
  readonly unit: number;
  /** Whether a sequence in a mapping is indented as well, and not in the column of its key. */
  readonly wideLists: boolean;
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
  const block = isEmpty(value) ? undefined : emitBlock(value, column, layout);
  return block === undefined ? emitScalar(value, column + layout.unit, layout) : { inline: '', block };
}

/** What follows the `-` of an element in `column`. Entries of the element begin two columns after the `-`. */
export function emitElementValue(value: unknown, column: number, layout: Layout): Printed {
  const inner = column + 2;
  if (isEmpty(value)) return emitScalar(value, inner, layout);
  const block = Array.isArray(value) ? emitList(value, inner, layout) : emitBlock(value, inner - layout.unit, layout);
  if (block === undefined) return emitScalar(value, inner, layout);
  const newline = block.indexOf(layout.eol);
  return { inline: ` ${block.slice(inner, newline)}`, block: block.slice(newline + layout.eol.length) };
}

function emitBlock(value: unknown, column: number, layout: Layout): string | undefined {
  if (Array.isArray(value)) return emitList(value, column + (layout.wideLists ? layout.unit : 0), layout);
  if (!isFields(value)) return undefined;
  const inner = column + layout.unit;
  const lines = Object.entries(value).map(([key, entry]) => ' '.repeat(inner) + emitEntry(key, entry, inner, layout));
  return concat(lines);
}

function emitList(values: readonly unknown[], column: number, layout: Layout): string {
  return concat(values.map((value) => ' '.repeat(column) + emitElement(value, column, layout)));
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

/**
 * Like `join('')`, but without a copy at each level: engines store a concatenation as a tree until
 * it is read.
 */
export function concat(texts: readonly string[]): string {
  return texts.reduce((all, text) => all + text, '');
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
