import {
  entryStart,
  isCollection,
  isScalar,
  type ListNode,
  type MapNode,
  type Node,
  type Pair,
} from '../reader/node.ts';
import { keyText } from '../reader/plain-value.ts';
import { columnOf, isBlockScalar, lastLeaf, lineEnd, lineStart, type ObjectText } from './object-text.ts';
import type { Splice } from './splice.ts';

/**
 * An entry of a block mapping or an element of a block sequence. It has whole lines, except that
 * its first line may begin after a `-`.
 */
export interface Slot {
  /** The key of the entry; undefined for an element, and for a key that is not a scalar. */
  readonly key: string | undefined;
  readonly value: Node | undefined;
  /** The offset of the key or the `-`. */
  readonly start: number;
  /** The offset after the `:` or the `-`. */
  readonly mark: number;
  /** The offset after the anchor and the tag of the value; `mark` if it has none. */
  readonly properties: number;
  /** The offset of the line after the value. */
  readonly end: number;
  /** The same, after the comments that follow and are indented deeper than the entry. */
  readonly tail: number;
}

/** What follows a `:` or a `-`: the rest of its line, and the lines below it. */
export interface Printed {
  readonly inline: string;
  readonly block: string;
}

/** The slots of a block collection, in the order of the text. */
export function slotsOf(object: ObjectText, collection: MapNode | ListNode): Slot[] {
  if (collection.kind === 'Map') return collection.items.map((pair) => entrySlot(object, pair));
  return collection.items.map((value, index) => elementSlot(object, value, collection.dashes[index] ?? 0));
}

function entrySlot(object: ObjectText, pair: Pair): Slot {
  const { key, value } = pair;
  const mark = markOf(pair);
  const start = entryStart(pair);
  return spanOf(object, {
    key: keyOf(key),
    value: value ?? undefined,
    start,
    mark,
    properties: propertiesEnd(value, mark),
  });
}

/** The offset after the colon of an entry, or after its key if it has no colon. */
export function markOf({ key, colon }: Pair): number {
  return colon === undefined ? key.range.end : colon + 1;
}

function elementSlot(object: ObjectText, value: Node, dash: number): Slot {
  const mark = dash + 1;
  return spanOf(object, { key: undefined, value, start: dash, mark, properties: propertiesEnd(value, mark) });
}

function spanOf(object: ObjectText, head: Omit<Slot, 'end' | 'tail'>): Slot {
  const leaf = lastLeaf(head.value);
  const valueEnd = Math.max(leaf?.range.end ?? 0, head.properties);
  const end = isBlockScalar(leaf) ? valueEnd : lineEnd(object.text, valueEnd);
  return { ...head, end, tail: tailOf(object.text, end, columnOf(object.text, head.start)) };
}

/** The key of an entry as text; undefined for a key that is not a scalar. */
export function keyOf(key: Node): string | undefined {
  return isScalar(key) ? keyText(key) : undefined;
}

function propertiesEnd(value: Node | null, mark: number): number {
  return value?.properties?.end ?? mark;
}

/**
 * The offset after deeper comments and lines of spaces. They would become part of a block scalar
 * before them.
 */
function tailOf(text: string, end: number, column: number): number {
  let tail = end;
  for (let at = end; at < text.length;) {
    const next = lineEnd(text, at);
    const [, spaces = '', first] = /^([ \t]*)(\S?)/.exec(text.slice(at, next)) ?? [];
    if (first !== '' && !(first === '#' && spaces.length > column)) break;
    if (first !== '' || spaces !== '') tail = next;
    at = next;
  }
  return tail;
}

/** Inserts lines before a slot. The first line comes without its indentation, the last with its line end. */
export function insertBefore(object: ObjectText, next: Slot, lines: string): Splice {
  const indent = ' '.repeat(columnOf(object.text, next.start));
  return { start: next.start, end: next.start, text: lines + indent };
}

/** Inserts lines as {@link insertBefore} does, but before the comments that stand above the slot, too. */
export function insertAbove(object: ObjectText, next: Slot, lines: string): Splice {
  const { text } = object;
  const column = columnOf(text, next.start);
  let at = lineStart(text, next.start);
  while (at > 0 && isCommentAt(text, lineStart(text, at - 1), column)) at = lineStart(text, at - 1);
  return { start: at, end: at, text: ' '.repeat(column) + lines };
}

/** Whether a line is a comment, and indented no deeper than the column. */
function isCommentAt(text: string, start: number, column: number): boolean {
  const [, spaces = '', first] = /^( *)(\S?)/.exec(text.slice(start, lineEnd(text, start))) ?? [];
  return first === '#' && spaces.length <= column;
}

/**
 * Whether the slot ends in a block scalar, at the end of a text without a final line end. A line
 * end would change its value.
 */
export function isUnterminated(object: ObjectText, slot: Slot | undefined): boolean {
  return slot?.tail === object.text.length && !object.terminated && isBlockScalar(lastLeaf(slot.value));
}

/** Inserts lines as {@link insertBefore} does, but after a slot; before it, if it {@link isUnterminated}. */
export function insertAfter(object: ObjectText, previous: Slot, lines: string): Splice {
  if (isUnterminated(object, previous)) return insertBefore(object, previous, lines);
  const indent = ' '.repeat(columnOf(object.text, previous.start));
  return { start: previous.tail, end: previous.tail, text: indent + lines };
}

/**
 * Removes adjacent slots, with the comments in and after them. Comments between them stay, unless
 * the first slot follows a `-`: then the entry after the last one moves up to that `-`.
 */
export function remove(object: ObjectText, run: readonly Slot[], previous: Slot | undefined): Splice[] {
  const { text } = object;
  const [first] = run;
  const last = run.at(-1);
  if (!first || !last) return [];
  const behindDash = text.slice(lineStart(text, first.start), first.start).trim() !== '';
  if (behindDash) {
    const indent = /^ */.exec(text.slice(last.tail, lineEnd(text, last.tail)))?.[0] ?? '';
    return [{ start: first.start, end: last.tail + indent.length, text: '' }];
  }
  const keeps = keepsBlankLines(object, previous);
  return run.map(({ start, tail }) => ({
    start: lineStart(text, start),
    end: keeps ? skipBlankLines(text, tail) : tail,
    text: '',
  }));
}

/**
 * Whether blank lines after the slot would become part of its value (chomping indicator `+`; YAML
 * 1.2.2, section 8.1.1.2).
 */
function keepsBlankLines({ text }: ObjectText, previous: Slot | undefined): boolean {
  const leaf = lastLeaf(previous?.value);
  const at = leaf?.range.start;
  return at !== undefined && isBlockScalar(leaf) && /^[|>]\d?\+/.test(text.slice(at, at + 3));
}

function skipBlankLines(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text.slice(at, lineEnd(text, at)).trim() === '') at = lineEnd(text, at);
  return at;
}

/** Replaces the value of a slot. A comment after the old value stays, also on the lines below it. */
export function replace(object: ObjectText, slot: Slot, { inline, block }: Printed): Splice[] {
  const { text, eol } = object;
  const { value, start, mark, properties, end } = slot;
  const isBlock = isCollection(value) && !value.flow;
  if (isBlock && value.range.start < lineEnd(text, start)) {
    return [{ start: mark, end, text: inline + eol + block }];
  }
  const inlineEnd = isBlock ? properties : Math.max(properties, valueEndOf(text, value));
  return [
    { start: mark, end: inlineEnd, text: inline },
    { start: lineEnd(text, inlineEnd), end, text: block },
  ];
}

/**
 * The end of a value; for a block scalar, that of its header without the comment. 0 if the value is
 * left out.
 */
function valueEndOf(text: string, value: Node | undefined): number {
  const { start, end } = value?.range ?? { start: 0, end: 0 };
  if (start === end) return 0;
  return isBlockScalar(value) ? start + (/^[|>][-+\d]*/.exec(text.slice(start, start + 3))?.[0].length ?? 0) : end;
}
