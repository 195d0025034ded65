import { API_GROUP, isTransportAnnotation } from './annotations.ts';
import { readCanonical } from './edit/canonical.ts';
import { emitEntry, type Fields, isObject } from './edit/emit.ts';
import { layoutOf } from './edit/layout-of.ts';
import type { KubernetesObject } from './input.ts';
import { edit, hasAlias, parseText } from './edit/object-text.ts';
import { readable } from './edit/scalar.ts';
import { slotsOf } from './edit/slot.ts';
import { isMap } from './yaml/node.ts';
import { parseJson } from './text/json.ts';
import { plainValue } from './yaml/plain-value.ts';
import { isSame, says, syncMap } from './edit/sync.ts';

/** Prefixes of the labels and annotations that only we set on what we own. */
const OUR_PREFIX = `${API_GROUP}/`;
const OUR_LABELS = [OUR_PREFIX, 'app.kubernetes.io/'];

/**
 * Brings the text of an object to a wanted value in place: comments, the order of the keys and the spelling of what stays equal
 * stay. Labels and annotations of the object itself stay unless they are ours: a user or another function put them there.
 * JSON is printed anew, with its own indentation. Returns the text itself where it says the wanted value already.
 * @throws {@link NotEditable} for broken YAML
 */
export function update(text: string, wanted: KubernetesObject): string {
  const canonical = readCanonical(text)?.value;
  if (isObject(canonical) && isSame(canonical, withKept(canonical, wanted))) return text;
  const object = parseText(text);
  const root = object.document.contents;
  const json = parseJson(text);
  const current = json === undefined ? plainValue(object.document).value : json.value;
  const target = withKept(isObject(current) ? current : {}, wanted);
  if (json === undefined ? says(root, target) : isSame(current, target)) return text;
  const { start, end } = root?.range ?? { start: 0, end: 0 };
  if (!isMap(root) || root.flow) {
    const printed = readable(JSON.stringify(arrange(current, target), undefined, /\n([ \t]+)"/.exec(text)?.[1]));
    return edit(object, [{ start, end, text: printed }]);
  }
  const layout = layoutOf(object);
  // What an alias stands for must not change, and what it repeats is written out.
  const edits = hasAlias(object.document) ? undefined : syncMap(object, root, target, layout);
  const lines = Object.entries(target).map(([key, value]) => emitEntry(key, value, 0, layout));
  return edit(object, edits ?? [{ start, end: slotsOf(object, root).at(-1)?.tail ?? end, text: lines.join('') }]);
}

/** The wanted object, with the labels and annotations that others gave the current one. */
function withKept(current: Fields, wanted: KubernetesObject): Fields {
  const target = JSON.parse(JSON.stringify(wanted)) as Fields;
  const [had, has] = [current['metadata'], target['metadata']];
  if (!isObject(had)) return target;
  const ours = isObject(has) ? has : {};
  const labels = merge(had['labels'], ours['labels'], (key) => OUR_LABELS.some((prefix) => key.startsWith(prefix)));
  const annotations = merge(had['annotations'], ours['annotations'], (key) => key.startsWith(OUR_PREFIX));
  return {
    ...target,
    metadata: { ...ours, ...(labels && { labels }), ...(annotations && { annotations }) },
  };
}

function merge(had: unknown, has: unknown, isOurs: (key: string) => boolean): Fields | undefined {
  const kept = Object.entries(isObject(had) ? had : {}).filter(([key]) => isTransportAnnotation(key) || !isOurs(key));
  if (kept.length === 0) return isObject(has) ? has : undefined;
  return { ...Object.fromEntries(kept), ...(isObject(has) ? has : {}) };
}

/** The same value with the keys in the order that they have in the current one. */
function arrange(current: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((element, index) => arrange(Array.isArray(current) ? current[index] : undefined, element));
  }
  if (!isObject(value)) return value;
  const had = isObject(current) ? current : {};
  const keys = new Set([...Object.keys(had).filter((key) => Object.hasOwn(value, key)), ...Object.keys(value)]);
  return Object.fromEntries([...keys].map((key) => [key, arrange(had[key], value[key])]));
}
