import { isFields } from './fields.ts';
import { emitEntry, emitValue, type Layout } from './edit/emit.ts';
import { blanksEnd, insertInFlow, printFlow, removeFromFlow } from './edit/flow.ts';
import { layoutOf } from './edit/layout-of.ts';
import { type Quoting, scalar } from './edit/scalar.ts';
import { insertAfter, keyOf, markOf, type Printed, remove, replace, slotsOf } from './edit/slot.ts';
import { columnOf, edit, indentUnit, isBlockScalar, isShared, parseText } from './edit/object-text.ts';
import { NotEditable } from './not-editable.ts';
import type { ObjectText } from './edit/object-text.ts';
import type { Splice } from './edit/splice.ts';
import { hasValue } from './edit/same.ts';
import { isAlias, isCollection, isMap, isScalar, type Node, startOf } from './reader/node.ts';
import { resolvePath, holdsAnchor, isMerged, type Step, type FieldPath } from './edit/field-path.ts';

/** The place of a field in an object. */
export interface Place {
  /** The names of the fields from the root to the field itself. */
  readonly path: readonly string[];
  /** The name of the field in messages. */
  readonly where: string;
  /**
   * How many mappings of the path exist in any case, not counting the root. They stay when they
   * become empty.
   */
  readonly kept: number;
}

/**
 * Sets one field in the text of an object, or deletes it if the value is undefined. Every other
 * byte stays. Missing mappings are created, and mappings that become empty are removed: when a
 * field is set and deleted again, the text is as before. Returns the text itself if nothing
 * changes.
 * @throws {@link NotEditable} for invalid YAML, for a value on the path that is not a mapping, and
 * for a value that an anchor shares with another place
 */
export function setField(text: string, place: Place, value: unknown): string {
  const key = place.path.at(-1) ?? '';
  // The text contains each of its keys, unless the key is written with escapes.
  if (value === undefined && !text.includes(key) && !text.includes('\\')) return text;
  return setFieldIn(parseText(text), place, value);
}

/** As {@link setField}, of an object that is parsed already. */
export function setFieldIn(object: ObjectText, place: Place, value: unknown): string {
  const { path, where } = place;
  const key = path.at(-1) ?? '';
  const text = edit(object, []);
  const found = resolvePath(object, path);
  if (!found && value === undefined) return text;
  if (!found) throw new NotEditable('NotAMap', `${where} cannot be set: a value on the path is not a map`);
  const step = found.missing.length === 0 ? found.steps.at(-1) : undefined;
  if (isAsWanted(found, step, key, value)) return text;
  // A new mapping would replace the one that a merge key brings.
  const isMergedIn = step === undefined && (value === undefined || hasMergedParent(found));
  if (found.shared || isMergedIn || isShared(object, keyNodeOf(step)) || holdsAnchor(object, step?.value)) {
    throw new NotEditable('Shared', `${where} cannot be changed: an anchor shares it with another place`);
  }
  if (value === undefined) return edit(object, cut(object, found.steps, place.kept));
  if (!step) return edit(object, add(object, found, value));
  if (isCollection(step.value) && step.value.items.length > 0)
    return setField(setField(text, place, undefined), place, value);
  return edit(object, assign(object, step, value));
}

function isAsWanted(found: FieldPath, step: Step | undefined, key: string, value: unknown): boolean {
  if (!step) return value === undefined && !isMerged(found.end, key);
  if (value !== undefined && typeof value !== 'string') return hasValue(step.value, value);
  const node = isAlias(step.value) ? step.value.target : step.value;
  return isScalar(node) && node.value === value;
}

function hasMergedParent({ end, missing }: FieldPath): boolean {
  return missing.length > 1 && isMerged(end, missing[0] ?? '');
}

function keyNodeOf(step: Step | undefined): Node | undefined {
  return step?.map.items[step.index]?.key;
}

/** Removes the entry, or the outermost mapping that has no other entry. */
function cut(object: ObjectText, steps: readonly Step[], kept: number): Splice[] {
  const inner = steps.findLastIndex(({ map }, depth) => depth <= kept || map.items.length > 1);
  const step = steps[inner];
  if (!step) return [];
  const key = keyNodeOf(step);
  if (inner < steps.length - 1 && key && isMerged(step.map, keyOf(key) ?? '')) return empty(object, step);
  if (step.map.flow) return [removeFromFlow(object, step.map, step.index)];
  const slots = slotsOf(object, step.map);
  return remove(object, slots.slice(step.index, step.index + 1), slots[step.index - 1]);
}

/** Replaces the value by `{}`. Without the entry, a merge key would bring another one in its place. */
function empty(object: ObjectText, { map, index, value }: Step): Splice[] {
  const slot = map.flow ? undefined : slotsOf(object, map)[index];
  if (slot && !(isMap(value) && value.flow)) return replace(object, slot, { inline: ' {}', block: '' });
  return [{ start: value?.range.start ?? 0, end: value?.range.end ?? 0, text: '{}' }];
}

function add(object: ObjectText, found: FieldPath, value: unknown): Splice[] {
  if (!found.end) {
    const step = found.steps.at(-1);
    return step ? assign(object, step, chain(found.missing, value)) : [];
  }
  const [key = '', ...rest] = found.missing;
  const entry = { key, value: chain(rest, value) };
  if (found.end.flow) return [insertInFlow(object, found.end, entry)];
  const last = slotsOf(object, found.end).at(-1);
  return last ? [insertAfter(object, last, lines(object, entry, columnOf(object.text, last.start)))] : [];
}

function chain(keys: readonly string[], value: unknown): unknown {
  return keys.reduceRight((inner, key) => ({ [key]: inner }), value);
}

/**
 * Replaces a scalar, an alias, an empty collection or an absent value. A block scalar stays one if
 * the new value has several lines.
 */
function assign(object: ObjectText, { map, index, value: old }: Step, value: unknown): Splice[] {
  const pair = map.items[index];
  const slot = map.flow ? undefined : slotsOf(object, map)[index];
  const { start, end } = old?.range ?? { start: 0, end: 0 };
  if (slot && (typeof value !== 'string' || start === end || isBlockScalar(old))) {
    const column = columnOf(object.text, slot.start);
    const isLong = typeof value === 'string' && value.includes('\n');
    return replace(
      object,
      slot,
      isLong && isBlockScalar(old)
        ? emitValue(value, column, layoutLike(object, old, column))
        : printed(object, value, column),
    );
  }
  const text =
    typeof value === 'string' && old ? scalar(value, quotingOf(old), map.flow) : printFlow(object, map, value);
  if (old && start < end) return [{ start: startOf(old), end, text }];
  const at = pair ? markOf(pair) : 0;
  return [
    {
      start: at,
      end: Math.max(blanksEnd(object.text, at), end),
      text: pair?.colon === undefined ? `: ${text}` : ` ${text}`,
    },
  ];
}

/**
 * The layout with the indentation of the old block scalar. Comments below it that are indented less
 * stay outside of it.
 */
function layoutLike(object: ObjectText, { range }: Node, column: number): Layout {
  const [, spaces = ''] = /\n( *)\S/.exec(object.text.slice(range.start, range.end)) ?? [];
  return { ...layoutOf(object), unit: Math.max(spaces.length - column, 1) };
}

function quotingOf(node: Node): Quoting {
  if (!isScalar(node)) return 'Plain';
  return node.style === 'Single' || node.style === 'Double' ? node.style : 'Plain';
}

/**
 * What follows the `:` of an entry whose key is in `column`. A string stays on its line, even if it
 * has line ends.
 */
function printed(object: ObjectText, value: unknown, column: number): Printed {
  if (typeof value === 'string') return { inline: ` ${scalar(value)}`, block: '' };
  if (!isFields(value) || Object.keys(value).length === 0) return emitValue(value, column, layoutOf(object));
  const inner = column + indentUnit(object);
  const entries = Object.entries(value).map(([key, entry]) => lines(object, { key, value: entry }, inner));
  return { inline: '', block: entries.map((entry) => ' '.repeat(inner) + entry).join('') };
}

/** The lines of an entry whose key is in `column`; the first comes without its indentation. */
function lines(object: ObjectText, { key, value }: { key: string; value: unknown }, column: number): string {
  if (typeof value !== 'string' && !isFields(value)) return emitEntry(key, value, column, layoutOf(object));
  const { inline, block } = printed(object, value, column);
  return `${scalar(key)}:${inline}${object.eol}${block}`;
}
