import { emitElement } from './edit/emit.ts';
import { insertInFlow, removeFromFlow } from './edit/flow.ts';
import { layoutOf } from './edit/layout-of.ts';
import { insertAbove, insertAfter, remove, slotsOf } from './edit/slot.ts';
import { columnOf, edit, isShared, type ObjectText, parseText } from './edit/object-text.ts';
import { NotEditable } from './not-editable.ts';
import type { Splice } from './edit/splice.ts';
import { type Place, setField, setFieldIn } from './field.ts';
import { isList, isMap, isScalar, type ListNode, type Node } from './reader/node.ts';
import { resolvePath, holdsAnchor, isEmpty, isMerged, type FieldPath } from './edit/field-path.ts';

/** Where an element is added. */
export type End = 'First' | 'Last';

/**
 * Adds an element at an end of a sequence, and creates the sequence if it is missing. Every other
 * byte stays. No element of the sequence may have the same `name`.
 * @throws {@link NotEditable} for invalid YAML, for a value that is not a sequence, and for a value
 * that an anchor shares with another place
 */
export function addElement(text: string, place: Place, element: Readonly<Record<string, unknown>>, at: End): string {
  const object = parseText(text);
  const found = resolvePath(object, place.path);
  const step = found?.missing.length === 0 ? found.steps.at(-1) : undefined;
  if (step === undefined || isEmpty(step.value)) {
    if (found && isMerged(found.end, place.path.at(-1) ?? '')) throw shared(place);
    return setFieldIn(object, place, [element]);
  }
  const list = listOf(object, place, found);
  if (list.flow) return edit(object, [insertInFlow(object, list, { value: element }, at)]);
  const slot = slotsOf(object, list).at(at === 'First' ? 0 : -1);
  if (!slot) return text;
  const lines = emitElement(element, columnOf(object.text, slot.start), layoutOf(object));
  return edit(object, [(at === 'First' ? insertAbove : insertAfter)(object, slot, lines)]);
}

/**
 * Removes the element with a name from a sequence, and the sequence if it becomes empty. Returns
 * the text itself if there is no such element.
 * @throws {@link NotEditable} as {@link addElement} does
 */
export function removeElement(text: string, place: Place, name: string): string {
  return removeWhere(text, place, ({ items }) => items.findIndex((item) => nameOf(item) === name));
}

/** Removes the element at an index, as {@link removeElement} does. */
export function removeElementAt(text: string, place: Place, index: number): string {
  return removeWhere(text, place, ({ items }) => (index < items.length ? index : -1));
}

function removeWhere(text: string, place: Place, indexIn: (list: ListNode) => number): string {
  const object = parseText(text);
  const found = resolvePath(object, place.path);
  const value = found?.missing.length === 0 ? found.steps.at(-1)?.value : undefined;
  if (!isList(value)) return text;
  const list = listOf(object, place, found);
  const index = indexIn(list);
  if (index < 0) return text;
  if (holdsAnchor(object, list.items[index])) throw shared(place);
  if (list.items.length > 1) return edit(object, cut(object, list, index));
  return setField(text, place, undefined);
}

function cut(object: ObjectText, list: ListNode, index: number): readonly Splice[] {
  if (list.flow) return [removeFromFlow(object, list, index)];
  const slots = slotsOf(object, list);
  return remove(object, slots.slice(index, index + 1), slots[index - 1]);
}

/**
 * The sequence at the end of a path.
 * @throws {@link NotEditable} if it is shared, or is not a sequence
 */
function listOf(object: ObjectText, place: Place, found: FieldPath | undefined): ListNode {
  const list = found?.steps.at(-1)?.value;
  if (found?.shared || isShared(object, list)) throw shared(place);
  if (!isList(list)) throw new NotEditable('NotAMap', `${place.where} cannot be added to: it is not a list`);
  return list;
}

function nameOf(item: Node): unknown {
  const pair = isMap(item) ? item.items.find(({ key }) => isScalar(key) && key.value === 'name') : undefined;
  return isScalar(pair?.value) ? pair.value.value : undefined;
}

function shared({ where }: Place): NotEditable {
  return new NotEditable('Shared', `${where} cannot be changed: an anchor shares it with another place`);
}
