import { isAlias, isCollection, isMap, isScalar, type Node, type Pair, type YAMLMap } from 'yaml';
import { type Chain, insertInFlow, printFlow, removeFromFlow } from './edit/flow.ts';
import { type Quoting, scalar } from './edit/scalar.ts';
import { insertAfter, keyOf, remove, replace, type Slot, slotsOf } from './edit/slot.ts';
import {
  columnOf,
  edit,
  indentUnit,
  isBlockScalar,
  isShared,
  NotEditable,
  parseText,
  type ObjectText,
} from './edit/object-text.ts';
import type { Splice } from './edit/splice.ts';

/** An entry of a map on the way to an annotation. */
export interface Step {
  readonly map: YAMLMap;
  readonly index: number;
  readonly value: Node | null;
}

/** The way to an annotation, as far as it exists. */
export interface Way {
  readonly steps: readonly Step[];
  /** Where the way ends; undefined where it ends in an empty value. */
  readonly end: YAMLMap | undefined;
  /** Keys that do not exist; the last of them is the annotation's own. */
  readonly missing: readonly string[];
  /** Whether a map on the way stands in another place too. */
  readonly shared: boolean;
}

/**
 * Sets one annotation in the text of an object, or deletes it; every other byte stays. `path` leads to the map that holds
 * `annotations`, such as `['spec', 'template', 'metadata']`. Maps that are missing are made, and maps that become empty are
 * taken away, so that deleting what was set gives the first text back. Returns the text itself where nothing changes.
 * @throws {@link NotEditable} for broken YAML, another type than a map on the way, and what an anchor shares with another place
 */
export function setAnnotation(text: string, path: readonly string[], key: string, value: string | undefined): string {
  // Only an escape spells a key in other characters than its own.
  if (value === undefined && !text.includes(key) && !text.includes('\\')) return text;
  const object = parseText(text);
  const way = follow(object, [...path, 'annotations', key]);
  if (!way && value === undefined) return text;
  const where = [...path, `annotations["${key}"]`].join('.');
  if (!way) throw new NotEditable('NotAMap', `${where} cannot be set: a value on the way is not a map`);
  const step = way.missing.length === 0 ? way.steps.at(-1) : undefined;
  if (isAsWanted(object, way, step, key, value)) return text;
  const isMergedIn = value === undefined && !step;
  if (way.shared || isMergedIn || isShared(object, keyNodeOf(step)) || holdsAnchor(object, step?.value)) {
    throw new NotEditable('Shared', `${where} cannot be changed: an anchor shares it with another place`);
  }
  if (value === undefined) return edit(object, cut(object, way.steps));
  if (!step) return edit(object, add(object, way, value));
  if (isCollection(step.value)) return setAnnotation(setAnnotation(text, path, key, undefined), path, key, value);
  return edit(object, assign(object, step, value));
}

/** Undefined where something else than a map is on the way. */
export function follow(object: ObjectText, keys: readonly string[]): Way | undefined {
  const steps: Step[] = [];
  let end: unknown = object.document.contents;
  let shared = false;
  for (const [depth, key] of keys.entries()) {
    const map = isAlias(end) ? end.resolve(object.document) : end;
    shared ||= isShared(object, end);
    if (steps.length > 0 && isEmpty(map)) return { steps, end: undefined, missing: keys.slice(depth), shared };
    if (!isMap<Node, Node | null>(map)) return undefined;
    const index = map.items.findIndex((pair) => keyOf(pair.key) === key);
    if (index < 0) return { steps, end: map, missing: keys.slice(depth), shared };
    end = map.items[index]?.value ?? null;
    steps.push({ map, index, value: map.items[index]?.value ?? null });
  }
  return { steps, end: undefined, missing: [], shared };
}

function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function isAsWanted(
  object: ObjectText,
  way: Way,
  step: Step | undefined,
  key: string,
  value: string | undefined,
): boolean {
  if (!step) return value === undefined && !isMerged(object, way.end, key);
  const node = isAlias(step.value) ? step.value.resolve(object.document) : step.value;
  return isScalar(node) && node.value === value;
}

/** Whether a merge key (YAML 1.1 type repository, merge) brings the entry; then it cannot be taken out here. */
function isMerged(object: ObjectText, map: YAMLMap | undefined, key: string): boolean {
  const merge = map?.items.find((pair) => keyOf(pair.key) === '<<')?.value;
  const node = isAlias(merge) ? merge.resolve(object.document) : merge;
  const values: unknown[] = isCollection(node) ? [node.toJS(object.document)].flat() : [];
  return values.some((merged) => typeof merged === 'object' && merged !== null && Object.hasOwn(merged, key));
}

function keyNodeOf(step: Step | undefined): unknown {
  return step?.map.items[step.index]?.key;
}

/** An alias may go; what others stand for may not. */
function holdsAnchor(object: ObjectText, value: Node | null | undefined): boolean {
  return !isAlias(value) && isShared(object, value);
}

/** Takes out the entry, or the outermost map that holds nothing else. */
function cut(object: ObjectText, steps: readonly Step[]): Splice[] {
  const inner = steps.findLastIndex(({ map }, depth) => depth === 0 || map.items.length > 1);
  const step = steps[inner];
  if (!step) return [];
  if (step.map.flow) return [removeFromFlow(object, step.map, step.index)];
  const slots = slotsOf(object, step.map);
  return remove(object, slots.slice(step.index, step.index + 1), slots[step.index - 1]);
}

function add(object: ObjectText, way: Way, value: string): Splice[] {
  if (!way.end) {
    const step = way.steps.at(-1);
    return step ? assign(object, step, chain(way.missing, value)) : [];
  }
  const [key = '', ...rest] = way.missing;
  const entry = { key, value: chain(rest, value) };
  if (way.end.flow) return [insertInFlow(object, way.end, entry)];
  const last = slotsOf(object, way.end).at(-1);
  return last ? [insertAfter(object, last, lines(object, entry, columnOf(object.text, last.start)))] : [];
}

function chain(keys: readonly string[], value: string): Chain {
  return keys.reduceRight<Chain>((inner, key) => ({ key, value: inner }), value);
}

/** Gives an entry a value in place of a scalar, an alias or nothing. */
function assign(object: ObjectText, { map, index, value: old }: Step, value: Chain): Splice[] {
  const pair = map.items[index] as Pair<Node, Node | null>;
  const slot = map.flow ? undefined : slotsOf(object, map)[index];
  const [start = 0, end = 0] = old?.range ?? [];
  if (slot && (typeof value !== 'string' || start === end || isBlockScalar(old))) {
    return replace(object, slot, typeof value === 'string' ? printInline(value) : printBelow(object, slot, value));
  }
  const text =
    typeof value === 'string' && old ? scalar(value, quotingOf(old), map.flow) : printFlow(object, map, value);
  const property = pair.srcToken?.sep?.find(({ type }) => type === 'anchor' || type === 'tag');
  if (start < end) return [{ start: property?.offset ?? start, end, text }];
  const colon = pair.srcToken?.sep?.find(({ type }) => type === 'map-value-ind');
  const at = colon ? colon.offset + 1 : (pair.key.range?.[1] ?? 0);
  return [{ start: at, end: Math.max(at, end), text: colon ? ` ${text}` : `: ${text}` }];
}

function quotingOf(node: Node): Quoting {
  if (!isScalar(node)) return 'Plain';
  if (node.type === 'QUOTE_SINGLE') return 'Single';
  return node.type === 'QUOTE_DOUBLE' ? 'Double' : 'Plain';
}

function printInline(value: string) {
  return { inline: ` ${scalar(value)}`, block: '' };
}

function printBelow(object: ObjectText, slot: Slot, entry: Exclude<Chain, string>) {
  const column = columnOf(object.text, slot.start) + indentUnit(object);
  return { inline: '', block: ' '.repeat(column) + lines(object, entry, column) };
}

/** Lines of an entry at a column, the first one without its indentation. */
function lines(object: ObjectText, { key, value }: Exclude<Chain, string>, column: number): string {
  if (typeof value === 'string') return `${scalar(key)}: ${scalar(value)}${object.eol}`;
  const inner = column + indentUnit(object);
  return `${scalar(key)}:${object.eol}${' '.repeat(inner)}${lines(object, value, inner)}`;
}
