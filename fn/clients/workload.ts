import { type Fields, fieldsOf, isFields } from '../yaml/fields.ts';
import { CLIENT_ANNOTATION, NETWORK_LABEL, OPTIONS_ANNOTATION } from '../marks.ts';
import { type Identity, type Item, mentions, rawTextOf, valueOf } from '../krm/item.ts';

/** A pod, or an object that makes pods of a template. An object with several templates is several workloads. */
export interface Workload {
  readonly item: Item;
  readonly identity: Identity;
  /** The path of the pod in the object. */
  readonly path: readonly string[];
  readonly labels: Fields;
  /** Those of the objects around the pod, from the outermost on. */
  readonly labelsAbove: readonly Fields[];
  /** The pods' `metadata` and its `annotations`; empty where there are none. */
  readonly metadata: Fields;
  readonly annotations: Fields;
  /** The pods' `spec`; undefined where it is not a map. */
  readonly spec: Fields | undefined;
  /** The `spec` of the object; empty where there is none. */
  readonly objectSpec: Fields;
}

/** The annotations by which we know that we changed a pod. */
const MARKS = [CLIENT_ANNOTATION, OPTIONS_ANNOTATION];

/** The depth to which pods are searched in objects of unknown kinds. */
const DEPTH = 16;

/**
 * The workloads in an object: at the given paths, and where pods carry our mark, because the spec may have dropped a
 * path. Rendered objects have none. Throws ItemUnreadable for broken YAML.
 */
export function readWorkloads(
  item: Item,
  identity: Identity,
  paths: readonly (readonly string[])[],
): readonly Workload[] {
  const value = valueOf(item);
  if (fieldsOf(fieldsOf(fieldsOf(value)['metadata'])['labels'])[NETWORK_LABEL] !== undefined) return [];
  const marked = isMarked(item) ? markedPaths(value, [], []) : [];
  const all = new Map([...paths, ...marked].map((path) => [path.join('.'), path]));
  return [...all.values()].flatMap((path) => {
    const pod = path.reduce<unknown>(fieldOf, value);
    return isFields(pod) ? [workloadOf(item, identity, path, pod, value)] : [];
  });
}

/** Whether the item may hold a pod that carries a mark of ours. */
export function isMarked(item: Item): boolean {
  return MARKS.some((mark) => mentions(item, mark));
}

/** Whether the item contains a mark exactly as we write it. */
export function spellsMark(item: Item): boolean {
  const text = rawTextOf(item);
  return MARKS.some((mark) => text.includes(mark));
}

function workloadOf(item: Item, identity: Identity, path: readonly string[], pod: Fields, value: unknown): Workload {
  const metadata = fieldsOf(fieldOf(pod, 'metadata'));
  const spec = fieldOf(pod, 'spec');
  return {
    item,
    identity,
    path,
    labels: fieldsOf(fieldOf(metadata, 'labels')),
    labelsAbove: path.map((_, length) => labelsAt(value, path.slice(0, length))),
    metadata,
    annotations: fieldsOf(fieldOf(metadata, 'annotations')),
    spec: isFields(spec) ? spec : undefined,
    objectSpec: fieldsOf(fieldOf(value, 'spec')),
  };
}

function labelsAt(value: unknown, path: readonly string[]): Fields {
  const object = path.reduce<unknown>(fieldOf, value);
  return fieldsOf(fieldOf(fieldOf(object, 'metadata'), 'labels'));
}

/** The paths of all pods that carry our mark. */
function markedPaths(
  value: unknown,
  path: readonly string[],
  found: (readonly string[])[],
): readonly (readonly string[])[] {
  if (!isFields(value) || path.length > DEPTH) return found;
  const annotations = fieldOf(fieldOf(value, 'metadata'), 'annotations');
  if (MARKS.some((mark) => fieldOf(annotations, mark) !== undefined)) found.push(path);
  for (const [key, inner] of Object.entries(value)) markedPaths(inner, [...path, key], found);
  return found;
}

/** Only own properties: field names come from users. */
function fieldOf(parent: unknown, key: string): unknown {
  return isFields(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
}
