import { isFields } from '../yaml/fields.ts';
import type { ReadResult } from './input.ts';
import { identityOf, ItemUnreadable, valueOf, type Item } from './item.ts';
import { newBudget } from '../yaml/limits.ts';
import { sizeFault, surrogateFault } from './text-fault.ts';
import type { Problem } from './problem.ts';
import { splice } from '../yaml/edit/splice.ts';
import { inspect, opaque, problemAt, type Reading, tooMany } from './reading.ts';
import { readResourceList } from './resource-list.ts';
import { fieldOf } from '../yaml/text/field.ts';
import { type Failure, parse } from '../yaml/parse.ts';
import { jsonObjects } from '../yaml/text/json.ts';
import { aliasSplices } from '../yaml/text/foreign-aliases.ts';
import { sequenceOf } from '../yaml/text/list.ts';
import { rootOf, type Root } from '../yaml/text/root.ts';
import type { Sequence, Stream } from '../yaml/text/sequence.ts';
import type { Slice } from '../yaml/text/slice.ts';
import { sourceOf, type Source } from '../yaml/text/source.ts';
import { documentsOf } from '../yaml/text/stream.ts';

/** The deepest nesting of lists in lists that is read. */
const NESTING = 16;

/**
 * Reads standard input: a ResourceList, a stream of documents, a `v1` List or one object, in YAML or JSON. Foreign
 * objects are not parsed. Input that cannot be read is a problem; nothing is thrown.
 */
export function read(text: string): ReadResult {
  return resultOf([readText(sourceOf(text, undefined), text.length)], []);
}

interface File {
  readonly path: string;
  readonly text: string;
}

/**
 * Reads files. They may contain what standard input may contain, except a ResourceList. `others` contain no objects.
 */
export function readFiles(files: readonly File[], others: readonly File[] = []): ReadResult {
  const budget = newBudget();
  let size = 0;
  const readings = files.map(({ path, text }) => readText(sourceOf(text, path, budget), (size += text.length)));
  const empty = others.map(({ path, text }) => opaque(sourceOf(text, path, budget), []));
  if (readings.length === 0 && empty.length === 0) return read('');
  const lists = readings.filter(({ format }) => format === 'ResourceList');
  const problems = lists.map(({ layout }) => misplaced(layout.source, layout.frame?.root.start ?? 0));
  return resultOf([...readings, ...empty], problems);
}

function resultOf(readings: readonly Reading[], problems: readonly Problem[]): ReadResult {
  const alone = readings.length === 1 && problems.length === 0 ? readings[0] : undefined;
  return {
    input: {
      format: alone?.format ?? 'Documents',
      items: alone?.items ?? readings.flatMap(({ items }) => items),
      functionConfig: alone?.functionConfig,
      source: readings.map(({ layout }) => layout),
    },
    problems: [...problems, ...readings.flatMap((reading) => reading.problems)],
  };
}

/** `size` is the number of characters in this text and all texts before it. */
function readText(source: Source, size: number): Reading {
  const { text } = source;
  const fault = sizeFault(size) ?? surrogateFault(source);
  if (fault !== undefined) return opaque(source, [problemAt(source, fault)]);
  const slices = unstacked(text, documentsOf(text));
  if (slices.length > source.budget.objects) return opaque(source, [tooMany(source, slices)]);
  const lists = new Map<Slice, Root | Failure>();
  for (const slice of slices) {
    const root = listAt(text, slice);
    if (root !== undefined) lists.set(slice, root);
  }
  const shared = [...lists].flatMap(([slice, root]) =>
    'reason' in root || isResourceList(root) ? [] : aliasSplices(text, slice),
  );
  if (shared.length > 0) return readText(sourceOf(splice(text, shared), source.path, source.budget), size);
  const [first] = slices;
  const alone = slices.length === 1 && first !== undefined ? lists.get(first) : undefined;
  return alone !== undefined && !('reason' in alone) && isResourceList(alone)
    ? readResourceList(source, alone)
    : readStream(source, slices, lists);
}

/** Reads documents, and the elements of those that are lists. */
function readStream(source: Source, slices: readonly Slice[], lists: ReadonlyMap<Slice, Root | Failure>): Reading {
  const stream: Stream = { style: 'Stream' };
  const sequences: Sequence[] = [stream];
  const items: Item[] = [];
  const problems: Problem[] = [];
  const take = (sequence: Sequence, elements: readonly Slice[]) => {
    const found = inspect(source, sequence, elements, items.length);
    for (const item of found.items) items.push(item);
    for (const problem of found.problems) problems.push(problem);
    return found.items;
  };
  const takeList = (root: Root, depth: number) => {
    const list = sequenceOf(root, 'items');
    const fault = 'reason' in list ? list : faultBeside(root);
    if (fault !== undefined) problems.push(problemAt(source, fault));
    if ('reason' in list) return;
    sequences.push(list);
    const elements = 'slices' in list ? list.slices : [];
    const inner = new Map(depth < NESTING ? elements.flatMap((slice) => nestedAt(source.text, slice)) : []);
    if (inner.size === 0) {
      take(list, elements);
      return;
    }
    for (const element of elements) {
      const nested = inner.get(element);
      if (nested === undefined) take(list, [element]);
      else takeList(nested, depth + 1);
    }
  };
  for (const slice of slices) {
    const root = lists.get(slice);
    if (root === undefined || 'reason' in root) {
      const [item] = take(stream, [slice]);
      if (root !== undefined && item !== undefined && isListLike(item)) problems.push(problemAt(source, root));
    } else if (isResourceList(root)) {
      problems.push(misplaced(source, root.start));
    } else {
      takeList(root, 0);
    }
  }
  const last = slices.length === 1 ? (sequences[1] ?? stream) : stream;
  const layout = { source, frame: undefined, sequences, last };
  return { format: 'Documents', layout, items, functionConfig: undefined, problems };
}

/** The root of a document that is a ResourceList, or a `v1` list of objects. */
function listAt(text: string, slice: Slice): Root | Failure | undefined {
  if (!text.slice(slice.start, slice.end).includes('List')) return undefined;
  const root = rootOf(text, slice);
  if ('reason' in root || isResourceList(root)) return root;
  const kind = fieldOf(root, 'kind')?.value;
  const isList = typeof kind === 'string' && kind.endsWith('List') && fieldOf(root, 'apiVersion')?.value === 'v1';
  return isList && (kind === 'List' || root.entries.has('items')) ? root : undefined;
}

/** A list that is an element of a list. kubectl and kustomize split it as well. */
function nestedAt(text: string, slice: Slice): [Slice, Root][] {
  if (!/\bkind["']?\s*:\s*["']?\w*List\b/.test(text.slice(slice.start, slice.end))) return [];
  const root = listAt(text, slice);
  return root === undefined || 'reason' in root || isResourceList(root) ? [] : [[slice, root]];
}

/** What is wrong with a list outside of its elements. Nothing else would report it, since that part is not written. */
function faultBeside({ text, flow, entries, start, column, end }: Root): Failure | undefined {
  if (flow) return undefined;
  const items = entries.get('items') ?? { start: end, end };
  const line = items.start < end ? text.lastIndexOf('\n', items.start) + 1 : end;
  const head = line > start ? ' '.repeat(column) + text.slice(start, line) : '';
  const { failure } = parse(head + text.slice(items.end, end));
  if (failure === undefined) return undefined;
  const shift = failure.offset < head.length ? start - column : items.end - head.length;
  return { ...failure, offset: failure.offset + shift };
}

function isResourceList(root: Root): boolean {
  return fieldOf(root, 'kind')?.value === 'ResourceList';
}

/** Whether an object that could not be split is a list. If it has no identity, its value was read before. */
function isListLike(item: Item): boolean {
  const named = identityOf(item) ?? readable(item);
  return isFields(named) && String(named['kind']).endsWith('List');
}

/** The value of an object; undefined if it is unreadable, which was reported before. */
function readable(item: Item): unknown {
  try {
    return valueOf(item);
  } catch (error) {
    if (!(error instanceof ItemUnreadable)) throw error;
    return undefined;
  }
}

function misplaced(source: Source, offset: number): Problem {
  return problemAt(source, { reason: 'a ResourceList must be the only document of standard input', offset });
}

/** Splits JSON objects that follow one another without a marker between them, as kubectl does. */
function unstacked(text: string, slices: Slice[]): Slice[] {
  const [first, ...others] = slices;
  if (first === undefined || !/^\s*\{/.test(text) || !/\}\s*\{/.test(text.slice(first.start, first.end))) return slices;
  const objects = jsonObjects(text, first.start, first.end) ?? [];
  if (objects.length < 2) return slices;
  return [...objects.map(({ start, end }) => ({ outer: start, start, end, column: 0 })), ...others];
}
