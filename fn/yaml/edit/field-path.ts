import { keyOf } from './slot.ts';
import { isAlias, isMap, isScalar, type MapNode, type Node } from '../reader/node.ts';
import { isMerge, plainValue } from '../reader/plain-value.ts';
import { isShared, type ObjectText } from './object-text.ts';
import { NotEditable } from '../not-editable.ts';

/** An entry of a mapping on the path to a field. */
export interface Step {
  readonly map: MapNode;
  readonly index: number;
  readonly value: Node | null;
}

/** The path to a field, as far as it exists. */
export interface FieldPath {
  readonly steps: readonly Step[];
  /**
   * The mapping that lacks the first missing key; undefined if nothing is missing, or if an empty
   * value is in its place.
   */
  readonly end: MapNode | undefined;
  /** The keys that do not exist yet; the last one is the field's own. */
  readonly missing: readonly string[];
  /**
   * Whether an alias shares a mapping on the path with another place, or a merge key (`<<`)
   * overrides an entry of it.
   */
  readonly shared: boolean;
}

/**
 * The path to a field; undefined if a value on it is not a mapping.
 * @throws {@link NotEditable} for a duplicate key: YAML readers differ in which one they use
 */
export function resolvePath(object: ObjectText, keys: readonly string[]): FieldPath | undefined {
  const steps: Step[] = [];
  let end: Node | null | undefined = object.document.contents;
  let shared = false;
  for (const [depth, key] of keys.entries()) {
    const map: Node | null | undefined = isAlias(end) ? end.target : end;
    shared ||= isShared(object, end);
    if (steps.length > 0 && isEmpty(map)) return { steps, end: undefined, missing: keys.slice(depth), shared };
    if (!isMap(map)) return undefined;
    const index = map.items.findIndex((pair) => keyOf(pair.key) === key);
    if (map.items.some((pair, other) => other > index && index >= 0 && keyOf(pair.key) === key)) {
      throw new NotEditable('Unreadable', `the key ${JSON.stringify(key)} must not stand twice in one map`);
    }
    // A merge key after an entry overrides it.
    shared ||= index >= 0 && isMerged({ ...map, items: map.items.slice(index + 1) }, key);
    if (index < 0) return { steps, end: map, missing: keys.slice(depth), shared };
    end = map.items[index]?.value ?? null;
    steps.push({ map, index, value: map.items[index]?.value ?? null });
  }
  return { steps, end: undefined, missing: [], shared };
}

/** Whether a value is absent or null. */
export function isEmpty(node: Node | null | undefined): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

/**
 * Whether a merge key (`<<`; YAML 1.1 type repository, merge) brings the entry. Such an entry
 * cannot be removed here.
 */
export function isMerged(map: MapNode | undefined, key: string): boolean {
  const merges = map?.items.filter(isMerge) ?? [];
  const values = merges.flatMap(({ value }): unknown[] => [plainValue({ contents: value ?? undefined }).value].flat());
  return values.some((merged) => typeof merged === 'object' && merged !== null && Object.hasOwn(merged, key));
}

/** Whether aliases use the anchor of a value, so that it must not be removed. An alias itself may be. */
export function holdsAnchor(object: ObjectText, value: Node | null | undefined): boolean {
  return !isAlias(value) && isShared(object, value);
}
