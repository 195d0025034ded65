import { concat, emitElement, emitEntry, type Layout } from '../yaml/edit/emit.ts';
import type { KubernetesObject } from './input.ts';
import { indent as indentLines } from '../yaml/text/slice.ts';

const LAYOUT: Layout = { eol: '\n', unit: 2, wideLists: false };

/** Legal in JSON strings, but illegal or line ends for YAML 1.1 parsers (YAML 1.1, 5.1 and 5.4). */
const UNPRINTABLE = /[\x7F-\x9F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

/**
 * One object as YAML that means the same to YAML 1.1 and 1.2 parsers: no anchors, no folding, strings of several lines as literal
 * blocks. Members that are undefined are left out. Each line begins with `indent` spaces.
 */
export function print(object: KubernetesObject, indent = 0): string {
  const lines = Object.entries(plain(object)).map(([key, value]) => emitEntry(key, value, indent, LAYOUT));
  return concat(lines.map((line) => ' '.repeat(indent) + line));
}

/** The elements of a block sequence whose dashes stand in `column`. */
export function printElements(values: readonly object[], column: number): string {
  return concat(values.map((value) => ' '.repeat(column) + emitElement(plain(value), column, LAYOUT)));
}

/** A value as JSON that is YAML, too; on one line, or in lines of their own of which all but the first stand in `column`. */
export function printJson(value: unknown, column: number | undefined): string {
  const text = JSON.stringify(value, null, column === undefined ? 0 : 2).replaceAll(UNPRINTABLE, escape);
  return column === undefined ? text : indentLines(text, column);
}

/** The value without members that are undefined. Strings, which may be large, are not copied. */
function plain<T>(value: T): T {
  if (Array.isArray(value)) return value.map(plain) as T;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, plain(member)])) as T;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
