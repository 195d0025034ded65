import { emitEntries, type Layout } from '../yaml/edit/emit.ts';
import type { KubernetesObject } from './input.ts';
import { indent as indentLines } from '../yaml/text/slice.ts';

const LAYOUT: Layout = { eol: '\n', unit: 2, wideLists: false, lineLength: 100 };

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
  return emitEntries(object, indent, LAYOUT);
}

/** The elements of a block sequence whose `-` indicators are in `column`. */
export function printElements(values: readonly KubernetesObject[], column: number): string {
  const inner = column + 2;
  return values.map((value) => `${' '.repeat(column)}- ${print(value, inner).slice(inner)}`).join('');
}

/**
 * A value as JSON that is YAML as well. Without `column` it is one line; with it, all lines but the
 * first begin in `column`.
 */
export function printJson(value: unknown, column: number | undefined): string {
  const text = JSON.stringify(value, null, column === undefined ? 0 : 2).replaceAll(UNPRINTABLE, escape);
  return column === undefined ? text : indentLines(text, column);
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
