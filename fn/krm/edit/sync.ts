import { isAlias, isList, isMap, isScalar, type ListNode, type MapNode, type Node } from '../yaml/node.ts';
import { plainValue } from '../yaml/plain-value.ts';
import {
  emitElement,
  emitElementValue,
  emitEntry,
  emitValue,
  endsInLiteral,
  type Fields,
  isObject,
  type Layout,
} from './emit.ts';
import {
  insertAfter,
  insertBefore,
  isUnterminated,
  keyOf,
  type Printed,
  remove,
  replace,
  type Slot,
  slotsOf,
} from './slot.ts';
import { columnOf, type ObjectText } from './object-text.ts';
import type { Splice } from './splice.ts';

/** Whether two values are equal, whatever the order of their keys. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((element, index) => isSame(element, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return one === other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}

/** Whether the node says the value. */
export function says(node: Node | null | undefined, value: unknown): boolean {
  if (isAlias(node)) return says(node.target, value);
  if (isMap(node)) {
    if (!isObject(value) || Object.keys(value).length !== node.items.length) return false;
    return node.items.every((pair) => {
      const key = keyOf(pair.key);
      return key !== undefined && Object.hasOwn(value, key) && says(pair.value, value[key]);
    });
  }
  if (isList(node)) {
    if (!Array.isArray(value) || value.length !== node.items.length) return false;
    return node.items.every((item, index) => says(item, value[index]));
  }
  if (!isScalar(node)) return value === null;
  return node.value === value;
}

/** What a slot is to say, and how it is written where no slot says it yet. */
interface Want {
  readonly value: unknown;
  /** Its lines at a column, the first one without its indentation. */
  readonly lines: (column: number) => string;
  /** What follows the `:` or the `-` of a slot at a column. */
  readonly printed: (column: number) => Printed;
}

/**
 * The edits that make a block map say a value: comments, the order of the keys and the spelling of what stays equal stay.
 * Undefined where the two have no key in common.
 */
export function syncMap(object: ObjectText, map: MapNode, value: Fields, layout: Layout): Splice[] | undefined {
  const slots = slotsOf(object, map);
  const byKey = new Map(slots.map((slot) => [slot.key, slot]));
  const wants = Object.entries(value).map(([key, entry]) => ({
    slot: byKey.get(key),
    value: entry,
    lines: (column: number) => emitEntry(key, entry, column, layout),
    printed: (column: number) => emitValue(entry, column, layout),
  }));
  return syncSlots(object, slots, wants, layout);
}

/** The same for a list. Elements are recognised by `name` where all have one, scalars by value, and all others by position. */
function syncList(
  object: ObjectText,
  list: ListNode,
  values: readonly unknown[],
  layout: Layout,
): Splice[] | undefined {
  const slots = slotsOf(object, list);
  const positions = matchElements(elementsOf(list), values);
  if (positions.at(-1) === undefined && isUnterminated(object, slots.at(-1))) return undefined;
  const wants = values.map((value, index) => ({
    slot: slots[positions[index] ?? -1],
    value,
    lines: (column: number) => emitElement(value, column, layout),
    printed: (column: number) => emitElementValue(value, column, layout),
  }));
  return syncSlots(object, slots, wants, layout);
}

function syncSlots(
  object: ObjectText,
  slots: readonly Slot[],
  wants: readonly (Want & { readonly slot: Slot | undefined })[],
  layout: Layout,
): Splice[] | undefined {
  const kept = new Set(wants.flatMap(({ slot }) => slot ?? []));
  if (kept.size === 0) return undefined;
  const edits = slots.flatMap((slot, index) => {
    const previous = slots[index - 1];
    if (kept.has(slot) || (previous && !kept.has(previous))) return [];
    const next = slots.findIndex((other, at) => at > index && kept.has(other));
    return remove(object, slots.slice(index, next < 0 ? slots.length : next), previous);
  });
  let behind: Slot | undefined;
  let leading = '';
  for (const { slot, ...want } of wants) {
    if (slot) {
      if (leading !== '' && !behind) edits.push(insertBefore(object, slot, leading));
      edits.push(...change(object, slot, want, layout));
      behind = slot;
    } else if (behind) {
      edits.push(insertAfter(object, behind, want.lines(columnOf(object.text, behind.start))));
    } else {
      const column = columnOf(object.text, [...kept][0]?.start ?? 0);
      leading += (leading === '' ? '' : ' '.repeat(column)) + want.lines(column);
    }
  }
  return edits;
}

function change(object: ObjectText, slot: Slot, { value, printed }: Want, layout: Layout): Splice[] {
  const { value: node } = slot;
  if (says(node, value)) return [];
  let edits: Splice[] | undefined;
  if (isMap(node) && !node.flow && isObject(value)) edits = syncMap(object, node, value, layout);
  if (isList(node) && !node.flow && Array.isArray(value)) edits = syncList(object, node, value, layout);
  return edits ?? replace(object, slot, printed(columnOf(object.text, slot.start)), endsInLiteral(value));
}

/** What a list says; nothing where that cannot be told. */
function elementsOf(list: ListNode): readonly unknown[] {
  const { value } = plainValue({ contents: list });
  return Array.isArray(value) ? value : [];
}

/** For each wanted element the position of the one it continues, in rising order. */
function matchElements(current: readonly unknown[], wanted: readonly unknown[]): (number | undefined)[] {
  const [have, want] = [idsOf(current), idsOf(wanted)];
  if (!have || !want) return wanted.map((_, index) => index);
  let last = -1;
  return want.map((id) => {
    const position = have.indexOf(id, last + 1);
    if (position < 0) return undefined;
    last = position;
    return position;
  });
}

/** What tells the elements of a list apart; undefined where nothing does. */
function idsOf(values: readonly unknown[]): string[] | undefined {
  const ids = values.map((value) => (isObject(value) ? value['name'] : value));
  const areNames = values.every((value) => isObject(value)) && ids.every((id) => typeof id === 'string');
  const areScalars = values.every((value) => typeof value !== 'object');
  const distinct = new Set(ids).size === ids.length;
  return (areNames || areScalars) && distinct ? ids.map((id) => JSON.stringify(id)) : undefined;
}
