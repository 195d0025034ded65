import { edit, isBlockScalar, isShared, type ObjectText, parseText } from './edit/object-text.ts';
import { blanksEnd } from './edit/flow.ts';
import { markOf, replace, slotsOf } from './edit/slot.ts';
import { isAlias, isCollection, isScalar } from './yaml/node.ts';
import { follow, type Step } from './way.ts';

/** A string as it is spelled in the text of an object. */
export interface ScalarSource {
  /** With its quotes, or the header of a block. */
  readonly source: string;
  /** `Block`: literal or folded. */
  readonly style: 'Plain' | 'Single' | 'Double' | 'Block';
  /** Whether it stands in a flow map (`{…}`), where commas end a plain one. */
  readonly inFlow: boolean;
}

const STYLES: Readonly<Record<string, ScalarSource['style']>> = {
  Plain: 'Plain',
  Single: 'Single',
  Double: 'Double',
  Literal: 'Block',
  Folded: 'Block',
};

/**
 * Changes how the string at a path is spelled, and no other byte. Undefined where `change` gives nothing, where no string stands
 * there, and where an anchor shares it with another place.
 */
export function editScalar(
  text: string,
  path: readonly string[],
  change: (scalar: ScalarSource) => string | undefined,
): string | undefined {
  const object = parseText(text);
  const way = follow(object, path);
  const step = way?.missing.length === 0 ? way.steps.at(-1) : undefined;
  const node = step?.value;
  if (!step || way?.shared || !isScalar(node) || typeof node.value !== 'string' || isShared(object, node))
    return undefined;
  const { start, end } = node.range;
  const style = STYLES[node.style];
  const { flow: inFlow } = step.map;
  const changed = style && change({ source: object.text.slice(start, end), style, inFlow });
  if (changed === undefined) return undefined;
  // The line end of a block is part of it, and stays where it is not changed.
  const kept = object.text.slice(start, end).endsWith('\n') && changed.endsWith('\n') ? 1 : 0;
  return edit(object, [{ start, end: end - kept, text: changed.slice(0, changed.length - kept) }]);
}

/** What stands behind the colon of the entry at a path, up to the end of its value; undefined where there is no entry, and for block maps. */
export function valueSource(text: string, path: readonly string[]): string | undefined {
  const object = parseText(text);
  const step = stepTo(object, path);
  if (!step || (isCollection(step.value) && !step.value.flow)) return undefined;
  const mark = markIn(step);
  const source = object.text.slice(mark, endIn(object, step, mark));
  return isBlockScalar(step.value) ? source.replace(/\r?\n$/, '') : source;
}

/** Puts what {@link valueSource} gave in place of the value at a path. */
export function setValueSource(text: string, path: readonly string[], source: string): string {
  const object = parseText(text);
  const step = stepTo(object, path);
  if (!step) return text;
  const slot = step.map.flow ? undefined : slotsOf(object, step.map)[step.index];
  if (slot) return edit(object, replace(object, slot, { inline: source, block: '' }));
  const mark = markIn(step);
  return edit(object, [{ start: mark, end: endIn(object, step, mark), text: source }]);
}

function stepTo(object: ObjectText, path: readonly string[]): Step | undefined {
  const way = follow(object, path);
  return way?.missing.length === 0 && !way.shared ? way.steps.at(-1) : undefined;
}

function markIn({ map, index }: Step): number {
  const pair = map.items[index];
  return pair === undefined ? 0 : markOf(pair);
}

/** A value that is left out ends at the colon, or behind the blanks that a value would take the place of. */
function endIn(object: ObjectText, { map, value }: Step, mark: number): number {
  const { start, end } = value?.range ?? { start: 0, end: 0 };
  if (start < end || isAlias(value)) return Math.max(mark, end);
  return map.flow ? blanksEnd(object.text, mark) : mark;
}
