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

/** A field of an object. */
export interface Place {
  /** The names of the fields from the root on, the field's own the last. */
  readonly path: readonly string[];
  /** How messages call it. */
  readonly where: string;
  /** How many maps of the path are there in any case, the root not counted, and are not taken away when they become empty. */
  readonly kept: number;
}

/**
 * Sets one field in the text of an object, or deletes it; every other byte stays. Maps that are missing are made, and maps that
 * become empty are taken away, so that deleting what was set gives the first text back. Returns the text itself where nothing
 * changes.
 * @throws {@link NotEditable} for broken YAML, another type than a map on the path, and what an anchor shares with another place
 */
export function setField(text: string, place: Place, value: unknown): string {
  const { path, where } = place;
  const key = path.at(-1) ?? '';
  // Only an escape spells a key in other characters than its own.
  if (value === undefined && !text.includes(key) && !text.includes('\\')) return text;
  const object = parseText(text);
  const found = resolvePath(object, path);
  if (!found && value === undefined) return text;
  if (!found) throw new NotEditable('NotAMap', `${where} cannot be set: a value on the path is not a map`);
  const step = found.missing.length === 0 ? found.steps.at(-1) : undefined;
  if (isAsWanted(found, step, key, value)) return text;
  // A map that is made would take the place of the one that is merged in.
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

/** Takes out the entry, or the outermost map that holds nothing else. */
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

/** Without the entry, another would take its place, which a merge key brings. */
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

/** Gives an entry a value in place of a scalar, an alias, an empty collection or nothing. A block scalar stays one if it has several lines. */
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

/** As deep as the block is: comments below it that are less deep stay out of it. */
function layoutLike(object: ObjectText, { range }: Node, column: number): Layout {
  const [, spaces = ''] = /\n( *)\S/.exec(object.text.slice(range.start, range.end)) ?? [];
  return { ...layoutOf(object), unit: Math.max(spaces.length - column, 1) };
}

function quotingOf(node: Node): Quoting {
  if (!isScalar(node)) return 'Plain';
  return node.style === 'Single' || node.style === 'Double' ? node.style : 'Plain';
}

/** What follows the `:` of an entry at a column. A string stays on its line, whatever is in it. */
function printed(object: ObjectText, value: unknown, column: number): Printed {
  if (typeof value === 'string') return { inline: ` ${scalar(value)}`, block: '' };
  if (!isFields(value) || Object.keys(value).length === 0) return emitValue(value, column, layoutOf(object));
  const inner = column + indentUnit(object);
  const entries = Object.entries(value).map(([key, entry]) => lines(object, { key, value: entry }, inner));
  return { inline: '', block: entries.map((entry) => ' '.repeat(inner) + entry).join('') };
}

/** Lines of an entry at a column, the first one without its indentation. */
function lines(object: ObjectText, { key, value }: { key: string; value: unknown }, column: number): string {
  if (typeof value !== 'string' && !isFields(value)) return emitEntry(key, value, column, layoutOf(object));
  const { inline, block } = printed(object, value, column);
  return `${scalar(key)}:${inline}${object.eol}${block}`;
}
