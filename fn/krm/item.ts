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

/** What it takes to parse the smallest object, in values. */
const PARSE = 20;

const TOO_MUCH: Failure = {
  reason: `the objects that have to be parsed must not hold more than ${LIMITS.WEIGHT} values together`,
  offset: 0,
};

const FILE_ANNOTATIONS: ReadonlySet<string> = new Set([...PATH_ANNOTATIONS, ...INDEX_ANNOTATIONS]);

/** One object that was read. Only its place in the source is kept; everything else is found when it is first asked for. */
export interface Item extends Slice {
  readonly source: Source;
  /** The list or stream that the item is an element of. */
  readonly sequence: Sequence;
  /** Its position among the items of its source. */
  readonly index: number;
  /** What was found out so far. */
  readonly memo: Memo;
}

interface Memo {
  identity?: Identity | undefined;
  key?: string | undefined;
  parsed?: { readonly value: unknown; readonly repeated?: ItemUnreadable } | { readonly failure: ItemUnreadable };
}

/** An item with nothing known about it yet. */
export function itemOf(source: Source, sequence: Sequence, slice: Slice, index: number): Item {
  const { outer, start, end, column } = slice;
  return { source, sequence, outer, start, end, column, index, memo: {} };
}

/** The item's own text, its top-level keys in the first column; the comments before it are not part of it. JSON stays as it is. */
export function textOf(item: Item): string {
  return dedent(item.source.text, item);
}

/** The item's own text as it came, its lines but the first at the columns of the source. Costs nothing. */
export function rawTextOf(item: Item): string {
  return item.source.text.slice(item.start, item.end);
}

/**
 * Whether the item may hold a text without white space, told without parsing. `false` is certain; `true` may also mean that the
 * text stands in a comment, or that escapes in quotes keep it from being told.
 */
export function mentions(item: Item, needle: string): boolean {
  const { source, start, end } = item;
  return contains(source, needle, start, end) || mayEscape(item);
}

/** Whether a text in quotes may hide a word. */
function mayEscape(item: Item): boolean {
  const { source, start, end } = item;
  if (!contains(source, '\\', start, end)) return false;
  const text = rawTextOf(item);
  return text.includes('"') && /\\[xuU/ \r\n]/.test(text);
}

/** The object's identity; undefined if it is not a Kubernetes object: without `apiVersion` or `kind`, or unreadable. */
export function identityOf(item: Item): Identity | undefined {
  const { memo } = item;
  if (!('identity' in memo)) {
    const { text } = item.source;
    const content = contentAt(text, item.start, item.end);
    memo.identity = scanIdentity(text, content, item.end, item.column) ?? identityOfValue(parsedOf(item).value);
  }
  return memo.identity;
}

/** The object's {@link identityKey}; nothing where it is no Kubernetes object. */
export function keyOf(item: Item): string | undefined {
  const identity = identityOf(item);
  if (identity !== undefined) item.memo.key ??= identityKey(identity);
  return item.memo.key;
}

/**
 * The object as plain data, in the meaning that kubectl gives YAML; not to be changed. Aliases give the same object again.
 * @throws {@link ItemUnreadable} for broken YAML, and for YAML that cannot be read in bounded time
 */
export function valueOf(item: Item): unknown {
  const parsed = parsedOf(item);
  if (parsed.failure !== undefined) throw parsed.failure;
  return parsed.value;
}

/**
 * The same for an object of our own, in which keys must be unique.
 * @throws {@link ItemUnreadable} as valueOf does, and for such a key
 */
export function strictValueOf(item: Item): unknown {
  const value = valueOf(item);
  const { repeated } = parsedOf(item);
  if (repeated !== undefined) throw repeated;
  return value;
}

/** Whether the object can be read at all. */
export function isReadable(item: Item): boolean {
  return parsedOf(item).failure === undefined;
}

/** The file that holds the item, relative to the package root, and the item's position in it. */
export function fileOf(item: Item): { path: string; index: number } | undefined {
  if (item.source.path !== undefined) return { path: item.source.path, index: item.index };
  if (!PATH_ANNOTATIONS.some((key) => mentions(item, key))) return undefined;
  const annotations = scanFileAnnotations(item) ?? annotationsOf(item);
  const path = PATH_ANNOTATIONS.map((key) => annotations[key]).find((value) => typeof value === 'string');
  if (typeof path !== 'string' || path === '') return undefined;
  const index = Number(INDEX_ANNOTATIONS.map((key) => annotations[key]).find((value) => value !== undefined) ?? 0);
  return { path, index: Number.isSafeInteger(index) && index >= 0 ? index : 0 };
}

/** The annotations that tell an item's file, without a parse; nothing where it takes one. */
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

/** `metadata.annotations`; empty where there are none, or where the item cannot be read. */
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
