import { isFields } from '../yaml/fields.ts';
import { identityKey, identityOfValue, scanIdentity, type Identity } from './identity.ts';
import { scanAnnotations } from './annotation-lines.ts';
import { INDEX_ANNOTATIONS, PATH_ANNOTATIONS } from './annotations.ts';
import { LIMITS, weightOf } from '../yaml/limits.ts';
import { scalarOf } from '../yaml/text/entries.ts';
import { contentAt } from '../yaml/text/lines.ts';
import { parseJson } from '../yaml/text/json.ts';
import { type Failure, parse } from '../yaml/parse.ts';
import type { Sequence } from '../yaml/text/sequence.ts';
import { dedent, inPlace, type Slice } from '../yaml/text/slice.ts';
import { contains, positionOf, type Source } from '../yaml/text/source.ts';
import { ItemUnreadable } from './unreadable.ts';

export { identityKey, type Identity } from './identity.ts';
export { ItemUnreadable } from './unreadable.ts';

/** The cost of parsing the smallest object, counted in values. */
const PARSE = 20;

const TOO_MUCH: Failure = {
  reason: `the objects that have to be parsed must not hold more than ${LIMITS.WEIGHT} values together`,
  offset: 0,
};

const FILE_ANNOTATIONS: ReadonlySet<string> = new Set([...PATH_ANNOTATIONS, ...INDEX_ANNOTATIONS]);

/**
 * One object that was read. Only its place in the source is stored; everything else is found on
 * first use.
 */
export interface Item extends Slice {
  readonly source: Source;
  /** The sequence or stream that contains the item. */
  readonly sequence: Sequence;
  /** Its position among the items of its source. */
  readonly index: number;
  /** What was found so far. */
  readonly memo: Memo;
}

interface Memo {
  identity?: Identity | undefined;
  key?: string | undefined;
  parsed?: { readonly value: unknown; readonly repeated?: ItemUnreadable } | { readonly failure: ItemUnreadable };
}

/** An item of which nothing is known yet. */
export function itemOf(source: Source, sequence: Sequence, slice: Slice, index: number): Item {
  const { outer, start, end, column } = slice;
  return { source, sequence, outer, start, end, column, index, memo: {} };
}

/**
 * The item's own text, with its top-level keys in the first column and without the comments before
 * it. JSON stays as it is.
 */
export function textOf(item: Item): string {
  return dedent(item.source.text, item);
}

/**
 * The item's own text as it was read: all lines but the first keep their indentation. Faster than
 * {@link textOf}.
 */
export function rawTextOf(item: Item): string {
  return item.source.text.slice(item.start, item.end);
}

/**
 * Whether the item may contain a text without white space, found without parsing. `false` is
 * certain. `true` may also mean that the text is in a comment, or that escapes in quotes may hide
 * it.
 */
export function mentions(item: Item, needle: string): boolean {
  const { source, start, end } = item;
  return contains(source, needle, start, end) || mayEscape(item);
}

/** Whether escapes in double quotes may hide a word. */
function mayEscape(item: Item): boolean {
  const { source, start, end } = item;
  if (!contains(source, '\\', start, end)) return false;
  const text = rawTextOf(item);
  return text.includes('"') && /\\[xuU/ \r\n]/.test(text);
}

/**
 * The identity of the object; undefined if it is not a Kubernetes object (without `apiVersion` or
 * `kind`), or cannot be read.
 */
export function identityOf(item: Item): Identity | undefined {
  const { memo } = item;
  if (!('identity' in memo)) {
    const { text } = item.source;
    const content = contentAt(text, item.start, item.end);
    memo.identity = scanIdentity(text, content, item.end, item.column) ?? identityOfValue(parsedOf(item).value);
  }
  return memo.identity;
}

/** The {@link identityKey} of the object; undefined if it is not a Kubernetes object. */
export function keyOf(item: Item): string | undefined {
  const identity = identityOf(item);
  if (identity !== undefined) item.memo.key ??= identityKey(identity);
  return item.memo.key;
}

/**
 * The object as plain data, with the values that kubectl reads. It must not be changed, because
 * aliases share objects.
 * @throws {@link ItemUnreadable} for invalid YAML, and for YAML that cannot be read in bounded time
 */
export function valueOf(item: Item): unknown {
  const parsed = parsedOf(item);
  if (parsed.failure !== undefined) throw parsed.failure;
  return parsed.value;
}

/**
 * The value of an object of our own API, in which keys must be unique.
 * @throws {@link ItemUnreadable} as {@link valueOf} does, and for a duplicate key
 */
export function strictValueOf(item: Item): unknown {
  const value = valueOf(item);
  const { repeated } = parsedOf(item);
  if (repeated !== undefined) throw repeated;
  return value;
}

/** Whether the object can be read. */
export function isReadable(item: Item): boolean {
  return parsedOf(item).failure === undefined;
}

/** The file that contains the item, relative to the package root, and the item's position in it, from 0. */
export function fileOf(item: Item): { path: string; index: number } | undefined {
  if (item.source.path !== undefined) return { path: item.source.path, index: item.index };
  if (!PATH_ANNOTATIONS.some((key) => mentions(item, key))) return undefined;
  const annotations = scanFileAnnotations(item) ?? annotationsOf(item);
  const path = PATH_ANNOTATIONS.map((key) => annotations[key]).find((value) => typeof value === 'string');
  if (typeof path !== 'string' || path === '') return undefined;
  const index = Number(INDEX_ANNOTATIONS.map((key) => annotations[key]).find((value) => value !== undefined) ?? 0);
  return { path, index: Number.isSafeInteger(index) && index >= 0 ? index : 0 };
}

/**
 * The annotations that name the file of an item, found without parsing; undefined if parsing has to
 * decide.
 */
function scanFileAnnotations(item: Item): Readonly<Record<string, unknown>> | undefined {
  const { text } = item.source;
  const scanned = scanAnnotations(text, contentAt(text, item.start, item.end), item.end, item.column);
  const found: Record<string, string> = {};
  for (const entry of scanned?.entries ?? []) {
    if (!FILE_ANNOTATIONS.has(entry.key)) continue;
    const value = scalarOf(text, entry)?.value;
    if (value === undefined || entry.key in found) return undefined;
    found[entry.key] = value;
  }
  return scanned && found;
}

/** `metadata.annotations`; empty if there are none, or if the item cannot be read. */
export function annotationsOf(item: Item): Readonly<Record<string, unknown>> {
  const { value } = parsedOf(item);
  const metadata = isFields(value) ? value['metadata'] : undefined;
  const annotations = isFields(metadata) ? metadata['annotations'] : undefined;
  return isFields(annotations) ? annotations : {};
}

function parsedOf(item: Item): {
  readonly value?: unknown;
  readonly repeated?: ItemUnreadable;
  readonly failure?: ItemUnreadable;
} {
  item.memo.parsed ??= parseItem(item);
  return item.memo.parsed;
}

function parseItem(item: Item): NonNullable<Memo['parsed']> {
  const text = inPlace(item.source.text, item);
  const { budget } = item.source;
  budget.weight -= PARSE + weightOf(text);
  if (budget.weight < 0) return { failure: unreadable(item, TOO_MUCH) };
  const json = parseJson(text);
  if (json !== undefined) return json;
  const { value, repeated, failure } = parse(text);
  if (failure === undefined)
    return repeated === undefined ? { value } : { value, repeated: unreadable(item, repeated) };
  return { failure: unreadable(item, failure) };
}

function unreadable(item: Item, { reason, offset }: Failure): ItemUnreadable {
  const { line, column } = positionOf(item.source, Math.max(item.start, item.start + offset - item.column));
  return new ItemUnreadable(reason, line, column);
}
