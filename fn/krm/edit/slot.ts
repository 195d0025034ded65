import { type CST, isCollection, isMap, isScalar, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
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

type Tokens = readonly CST.SourceToken[] | undefined;

/** The slots of a block collection, in the order of the text. */
export function slotsOf(object: ObjectText, collection: YAMLMap | YAMLSeq): Slot[] {
  const { srcToken } = collection;
  const tokens = srcToken && 'items' in srcToken ? srcToken.items : [];
  return collection.items.flatMap((item, index) => {
    const token = tokens[index];
    if (!token) return [];
    return isMap(collection)
      ? [entrySlot(object, item as Pair<Node, Node | null>, token)]
      : [elementSlot(object, item as Node, token)];
  });
}

function entrySlot(object: ObjectText, { key, value }: Pair<Node, Node | null>, token: CST.CollectionItem): Slot {
  const explicit = find(token.start, 'explicit-key-ind');
  const colon = find(token.sep, 'map-value-ind');
  const mark = colon ? colon.offset + 1 : (key.range?.[1] ?? 0);
  return spanOf(object, {
    key: keyOf(key),
    value: value ?? undefined,
    start: explicit?.offset ?? key.range?.[0] ?? 0,
    mark,
    properties: propertiesEnd(token.sep, mark),
  });
}

function elementSlot(object: ObjectText, value: Node, token: CST.CollectionItem): Slot {
  const dash = find(token.start, 'seq-item-ind')?.offset ?? 0;
  const mark = dash + 1;
  return spanOf(object, { key: undefined, value, start: dash, mark, properties: propertiesEnd(token.start, mark) });
}

function spanOf(object: ObjectText, head: Omit<Slot, 'end' | 'tail'>): Slot {
  const leaf = lastLeaf(head.value);
  const valueEnd = Math.max(leaf?.range?.[1] ?? 0, head.properties);
  const end = isBlockScalar(leaf) ? valueEnd : lineEnd(object.text, valueEnd);
  return { ...head, end, tail: tailOf(object.text, end, columnOf(object.text, head.start)) };
}

/** The name of an entry; undefined for a key that is no scalar. */
export function keyOf(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  // The library makes a symbol of a merge key.
  return typeof key.value === 'symbol' ? key.value.description : String(key.value);
}

function find(tokens: Tokens, type: CST.SourceToken['type']): CST.SourceToken | undefined {
  return tokens?.find((token) => token.type === type);
}

function propertiesEnd(tokens: Tokens, mark: number): number {
  const last = tokens?.findLast(({ type, offset }) => (type === 'anchor' || type === 'tag') && offset >= mark);
  return last ? last.offset + last.source.length : mark;
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
  const at = leaf?.range?.[0];
  return at !== undefined && isBlockScalar(leaf) && /^[|>]\d?\+/.test(text.slice(at, at + 3));
}

function skipBlankLines(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text.slice(at, lineEnd(text, at)).trim() === '') at = lineEnd(text, at);
  return at;
}

/**
 * Gives a slot another value. A comment behind the old one stays where it is, also in the lines below it, unless a new block scalar
 * at the end of the value would swallow it.
 */
export function replace(object: ObjectText, slot: Slot, { inline, block }: Printed, endsInBlock = false): Splice[] {
  const { text, eol } = object;
  const { value, start, mark, properties, end, tail } = slot;
  const isBlock = isCollection(value) && !value.flow;
  const newEnd = endsInBlock ? tail : end;
  if (isBlock && (value.range?.[0] ?? 0) < lineEnd(text, start)) {
    return [{ start: mark, end: newEnd, text: inline + eol + block }];
  }
  const inlineEnd = isBlock ? properties : Math.max(properties, valueEndOf(text, value));
  return [
    { start: mark, end: inlineEnd, text: inline },
    { start: lineEnd(text, inlineEnd), end: newEnd, text: block },
  ];
}

/** For a block scalar, the end of its header without the comment; 0 for a value left out. */
function valueEndOf(text: string, value: Node | undefined): number {
  const [start = 0, end = 0] = value?.range ?? [];
  if (start === end) return 0;
  return isBlockScalar(value) ? start + (/^[|>][-+\d]*/.exec(text.slice(start, start + 3))?.[0].length ?? 0) : end;
}
