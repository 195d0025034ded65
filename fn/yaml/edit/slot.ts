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

/** An entry of a block map, or an element of a block sequence: whole lines, except that a first one may follow a `-`. */
export interface Slot {
  /** The entry's key; undefined for an element, and for a key that is no scalar. */
  readonly key: string | undefined;
  readonly value: Node | undefined;
  /** Where the key or the `-` starts. */
  readonly start: number;
  /** Behind the `:` or the `-`. */
  readonly mark: number;
  /** Behind the anchor and the tag of the value, or as `mark`. */
  readonly properties: number;
  /** Where the line after the value starts. */
  readonly end: number;
  /** The same with the comments behind it that are indented deeper than the entry. */
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

/** Behind the colon of an entry, or behind its key where it has none. */
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

/** The name of an entry; undefined for a key that is no scalar. */
export function keyOf(key: Node): string | undefined {
  return isScalar(key) ? keyText(key) : undefined;
}

function propertiesEnd(value: Node | null, mark: number): number {
  return value?.properties?.end ?? mark;
}

/** Deeper comments, and lines of spaces: behind a block scalar, either would become a part of it. */
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

/** Puts whole lines, without their first indentation and with their last line end, in front of a slot. */
export function insertBefore(object: ObjectText, next: Slot, lines: string): Splice {
  const indent = ' '.repeat(columnOf(object.text, next.start));
  return { start: next.start, end: next.start, text: lines + indent };
}

/** Whether the slot ends, by a block scalar, a text that does not end its last line: a line end there would change its value. */
export function isUnterminated(object: ObjectText, slot: Slot | undefined): boolean {
  return slot?.tail === object.text.length && !object.terminated && isBlockScalar(lastLeaf(slot.value));
}

/** Puts whole lines, without their first indentation and with their last line end, behind a slot; of a map, where they must, in front of it. */
export function insertAfter(object: ObjectText, previous: Slot, lines: string): Splice {
  if (isUnterminated(object, previous)) return insertBefore(object, previous, lines);
  const indent = ' '.repeat(columnOf(object.text, previous.start));
  return { start: previous.tail, end: previous.tail, text: indent + lines };
}

/**
 * Takes a run of neighbours away, with the comments inside and behind them. Comments between them stay, unless the run
 * starts behind a `-`: then what follows moves up.
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

/** Whether blank lines right behind the slot would become part of its value (YAML 1.2.2, section 8.1.1.2). */
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

/**
 * Gives a slot another value. A comment behind the old one stays where it is, also in the lines below it.
 */
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

/** For a block scalar, the end of its header without the comment; 0 for a value left out. */
function valueEndOf(text: string, value: Node | undefined): number {
  const { start, end } = value?.range ?? { start: 0, end: 0 };
  if (start === end) return 0;
  return isBlockScalar(value) ? start + (/^[|>][-+\d]*/.exec(text.slice(start, start + 3))?.[0].length ?? 0) : end;
}
