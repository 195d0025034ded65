import { concat, emitElement, emitEntry, type Layout } from '../yaml/edit/emit.ts';
import type { KubernetesObject } from './input.ts';
import { indent as indentLines } from '../yaml/text/slice.ts';

const LAYOUT: Layout = { eol: '\n', unit: 2, wideLists: false };

/**
 * Characters that JSON strings may contain, but that YAML 1.1 forbids or reads as line ends
 * (sections 5.1 and 5.4).
 */
const UNPRINTABLE = /[\x7F-\x9F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

/**
 * One object as YAML that YAML 1.1 and 1.2 read with the same value: without anchors and folded
 * scalars, and with literal blocks for strings of several lines. Undefined members are left out.
 * Each line begins with `indent` spaces.
 */
export function print(object: KubernetesObject, indent = 0): string {
  const lines = Object.entries(plain(object)).map(([key, value]) => emitEntry(key, value, indent, LAYOUT));
  return concat(lines.map((line) => ' '.repeat(indent) + line));
}

/** The elements of a block sequence whose `-` indicators are in `column`. */
export function printElements(values: readonly object[], column: number): string {
  return concat(values.map((value) => ' '.repeat(column) + emitElement(plain(value), column, LAYOUT)));
}

/**
 * A value as JSON that is YAML as well. Without `column` it is one line; with it, all lines but the
 * first begin in `column`.
 */
export function printJson(value: unknown, column: number | undefined): string {
  const text = JSON.stringify(value, null, column === undefined ? 0 : 2).replaceAll(UNPRINTABLE, escape);
  return column === undefined ? text : indentLines(text, column);
}

/** The value without undefined members. Strings may be large, and are not copied. */
function plain<T>(value: T): T {
  if (Array.isArray(value)) return value.map(plain) as T;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, plain(member)])) as T;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
