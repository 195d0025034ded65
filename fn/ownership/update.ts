import { type Fields, isFields } from '../yaml/fields.ts';
import { isTransportAnnotation } from '../krm/annotations.ts';
import { API_GROUP } from '../marks.ts';
import { emitEntries } from '../yaml/edit/emit.ts';
import { layoutOf } from '../yaml/edit/layout-of.ts';
import { edit, parseText } from '../yaml/edit/object-text.ts';
import { isSame } from '../yaml/edit/same.ts';
import { readable } from '../yaml/edit/scalar.ts';
import { slotsOf } from '../yaml/edit/slot.ts';
import type { KubernetesObject } from '../krm/input.ts';
import { isMap } from '../yaml/reader/node.ts';

/** Prefixes of labels and annotations that only we set on the objects that we own. */
const OUR_PREFIX = `${API_GROUP}/`;
const OUR_LABELS = [OUR_PREFIX, 'app.kubernetes.io/'];

/**
 * The new value of an object that we own; undefined if nothing changes. Labels and annotations with
 * other prefixes than ours stay, since a user or another function added them.
 */
export function changed(current: unknown, wanted: KubernetesObject): Fields | undefined {
  const target = withKept(isFields(current) ? current : {}, wanted);
  return isSame(current, target) ? undefined : target;
}

export interface Rewritten {
  readonly text: string;
  /** Whether the object loses comments. */
  readonly losesComments: boolean;
}

/**
 * Writes an object again, in the layout of its text and with its keys in their order. The text
 * before and after the object stays.
 * @throws {@link NotEditable} for invalid YAML
 */
export function rewrite(text: string, current: unknown, target: Fields): Rewritten {
  const object = parseText(text);
  const { contents: root, hasComments: losesComments } = object.document;
  const { start, end } = root?.range ?? { start: 0, end: 0 };
  const arranged = arrange(current, target) as Fields;
  if (!isMap(root) || root.flow) {
    const printed = readable(JSON.stringify(arranged, undefined, /\n([ \t]+)"/.exec(text)?.[1]));
    return { text: edit(object, [{ start, end, text: printed }]), losesComments };
  }
  const layout = layoutOf(object);
  const tail = slotsOf(object, root).at(-1)?.tail ?? end;
  return { text: edit(object, [{ start, end: tail, text: emitEntries(arranged, 0, layout) }]), losesComments };
}

/** The wanted object, with the labels and annotations that others added to the current one. */
function withKept(current: Fields, wanted: KubernetesObject): Fields {
  const target = JSON.parse(JSON.stringify(wanted)) as Fields;
  const [had, has] = [current['metadata'], target['metadata']];
  if (!isFields(had)) return target;
  const ours = isFields(has) ? has : {};
  const labels = merge(had['labels'], ours['labels'], (key) => OUR_LABELS.some((prefix) => key.startsWith(prefix)));
  const annotations = merge(had['annotations'], ours['annotations'], (key) => key.startsWith(OUR_PREFIX));
  return {
    ...target,
    metadata: { ...ours, ...(labels && { labels }), ...(annotations && { annotations }) },
  };
}

function merge(had: unknown, has: unknown, isOurs: (key: string) => boolean): Fields | undefined {
  const kept = Object.entries(isFields(had) ? had : {}).filter(([key]) => isTransportAnnotation(key) || !isOurs(key));
  if (kept.length === 0) return isFields(has) ? has : undefined;
  return { ...Object.fromEntries(kept), ...(isFields(has) ? has : {}) };
}

/** The same value, with keys in the order of the current value. */
function arrange(current: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((element, index) => arrange(Array.isArray(current) ? current[index] : undefined, element));
  }
  if (!isFields(value)) return value;
  const had = isFields(current) ? current : {};
  const keys = new Set([...Object.keys(had).filter((key) => Object.hasOwn(value, key)), ...Object.keys(value)]);
  return Object.fromEntries([...keys].map((key) => [key, arrange(had[key], value[key])]));
}
