import { isAlias, isCollection, isMap, isScalar, type Node, type YAMLMap } from 'yaml';
import { keyOf } from './edit/slot.ts';
import { isShared, type ObjectText } from './edit/object-text.ts';

/** An entry of a map on the way to a field. */
export interface Step {
  readonly map: YAMLMap;
  readonly index: number;
  readonly value: Node | null;
}

/** The way to a field, as far as it exists. */
export interface Way {
  readonly steps: readonly Step[];
  /** Where the way ends; undefined where it ends in an empty value. */
  readonly end: YAMLMap | undefined;
  /** Keys that do not exist; the last of them is the field's own. */
  readonly missing: readonly string[];
  /** Whether a map on the way stands in another place too. */
  readonly shared: boolean;
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

/** Whether a value is left out, or null. */
export function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** Whether a merge key (YAML 1.1 type repository, merge) brings the entry; then it cannot be taken out here. */
export function isMerged(object: ObjectText, map: YAMLMap | undefined, key: string): boolean {
  const merge = map?.items.find((pair) => keyOf(pair.key) === '<<')?.value;
  const node = isAlias(merge) ? merge.resolve(object.document) : merge;
  const values: unknown[] = isCollection(node) ? [node.toJS(object.document)].flat() : [];
  return values.some((merged) => typeof merged === 'object' && merged !== null && Object.hasOwn(merged, key));
}

/** An alias may go; what others stand for may not. */
export function holdsAnchor(object: ObjectText, value: Node | null | undefined): boolean {
  return !isAlias(value) && isShared(object, value);
}
