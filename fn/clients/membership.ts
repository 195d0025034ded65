import { setAnnotation } from '../krm/annotate.ts';
import {
  ATTACHMENT_ANNOTATION,
  BEFORE_ANNOTATION,
  CLIENT_ANNOTATION,
  NETWORKS_ANNOTATION,
} from '../krm/annotations.ts';
import { parse } from '../krm/text/parse.ts';
import { editScalar, setValueSource, valueSource } from '../krm/value-source.ts';
import type { AddressingPlan, NetworkPlan } from '../plan/network-plan.ts';
import {
  formatShort,
  formOf,
  freeInterface,
  interfacesOf,
  parseNetworks,
  referenceTo,
  refersTo,
  type Wanted,
} from './networks-annotation.ts';
import { insertEntry, removeEntry } from './networks-source.ts';
import type { Selection } from './selection.ts';
import type { Workload } from './workload.ts';

/** The metadata of a pod in the text of an object, and what it says. */
export interface PodText {
  readonly text: string;
  /** The path of `metadata`. */
  readonly path: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** The marks; taken away in this order. */
const MARKS = [BEFORE_ANNOTATION, ATTACHMENT_ANNOTATION, CLIENT_ANNOTATION];
const OURS: ReadonlySet<string> = new Set([NETWORKS_ANNOTATION, ...MARKS]);

/** A string in no quotes at all. */
const RAW = { style: 'Plain', inFlow: false } as const;

/**
 * Adds a network to those that a pod asks for, and the mark of the network. Nothing else of the text changes, and what
 * {@link leave} could not tell from the text is written beside the mark.
 */
export function enter(pod: PodText, mark: string, wanted: Wanted): string {
  const { text, path, annotations } = pod;
  const place = [...path, 'annotations', NETWORKS_ANNOTATION];
  const value = networksOf(annotations);
  const asked = freeInterface(parseNetworks(value) ?? []);
  let joined: string | undefined;
  let before: string | undefined;
  if (value.trim() === '') {
    before = NETWORKS_ANNOTATION in annotations ? `networks:${valueSource(text, place)}` : emptyParent(pod);
    joined = setAnnotation(text, path, NETWORKS_ANNOTATION, formatShort(wanted, asked));
  } else {
    const form = formOf(value);
    joined = editScalar(text, place, (scalar) => insertEntry(scalar, form, wanted, asked));
    if (joined === undefined) {
      const source = valueSource(text, place);
      before = source === undefined ? 'networks' : `networks:${source}`;
      const longer = insertEntry({ source: value, ...RAW }, form, wanted, asked);
      joined = setAnnotation(text, path, NETWORKS_ANNOTATION, longer);
    }
  }
  const attachment = wanted.name === nameIn(mark) ? undefined : wanted.name;
  const marked = setAnnotation(joined, path, CLIENT_ANNOTATION, mark);
  return setAnnotation(setAnnotation(marked, path, ATTACHMENT_ANNOTATION, attachment), path, BEFORE_ANNOTATION, before);
}

/** The `annotations` or `metadata` of a pod, where it is there and empty. */
function emptyParent({ text, path, metadata, annotations }: PodText): string | undefined {
  if (Object.keys(annotations).length > 0) return undefined;
  const isBare = Object.keys(metadata).length === 0;
  if (!isBare && !('annotations' in metadata)) return undefined;
  const source = valueSource(text, isBare ? path : [...path, 'annotations']);
  return source === undefined ? undefined : `${isBare ? 'metadata' : 'annotations'}:${source}`;
}

/** Takes the mark away, and the network out of those that the pod asks for; then the text is what it was without us. */
export function leave(pod: PodText, podNamespace: string): string {
  const { path, metadata, annotations } = pod;
  const [, field, source] = /^(\w+)(?::([^]*))?$/.exec(String(annotations[BEFORE_ANNOTATION])) ?? [];
  const isOnly =
    Object.keys(annotations).every((key) => OURS.has(key)) && withoutEntry(annotations, podNamespace) === '';
  if (source !== undefined && isOnly) {
    if (field === 'annotations') return setValueSource(pod.text, [...path, 'annotations'], source);
    if (field === 'metadata' && Object.keys(metadata).length === 1) return setValueSource(pod.text, path, source);
  }
  const unmarked = MARKS.reduce((text, key) => setAnnotation(text, path, key, undefined), pod.text);
  return removeNetwork({ ...pod, text: unmarked }, podNamespace, field === 'networks' ? { source } : undefined);
}

/** `before`: how the annotation was spelled; without a source, it stood elsewhere and was merged in. */
function removeNetwork(
  { text, path, annotations }: PodText,
  podNamespace: string,
  before: { readonly source: string | undefined } | undefined,
): string {
  const place = [...path, 'annotations', NETWORKS_ANNOTATION];
  const value = networksOf(annotations);
  const rest = withoutEntry(annotations, podNamespace);
  if (before !== undefined) {
    const restored =
      before.source === undefined
        ? setAnnotation(text, path, NETWORKS_ANNOTATION, undefined)
        : setValueSource(text, place, before.source);
    const now = fieldAt(parse(restored).value, place) ?? '';
    if (now === rest || (rest === '' && typeof now === 'string' && now.trim() === '')) return restored;
  }
  if (rest === value) return text;
  if (rest === '') return setAnnotation(text, path, NETWORKS_ANNOTATION, undefined);
  const { form, index, count } = entryOf(annotations, podNamespace);
  const shorter = editScalar(text, place, (scalar) => removeEntry(scalar, form, index, count));
  return shorter ?? setAnnotation(text, path, NETWORKS_ANNOTATION, rest);
}

/** Whether nothing needs to be done: by us or by its author, the pod asks for the network, on an interface of its own. */
export function isClientOf(
  { annotations, identity: { namespace } }: Workload,
  { plan, addressing }: Selection,
): boolean {
  if (!asksFor(annotations, plan, addressing, namespace)) return false;
  const mark = annotations[CLIENT_ANNOTATION];
  if (mark === undefined) return true;
  const references = parseNetworks(networksOf(annotations)) ?? [];
  const interfaces = interfacesOf(references);
  const wanted = referenceTo(plan, addressing, namespace);
  const index = references.findIndex((reference) => refersTo(reference, wanted, namespace));
  return (
    mark === plan.label &&
    !interfaces.some((name, other) => other !== index && name === interfaces[index]) &&
    index >= 0
  );
}

/** Whether a pod asks for a network, by the attachment in its own namespace or in the network's. */
export function asksFor(
  annotations: PodText['annotations'],
  plan: NetworkPlan,
  addressing: AddressingPlan,
  podNamespace: string,
): boolean {
  const { name, namespace } = referenceTo(plan, addressing, podNamespace);
  return (parseNetworks(networksOf(annotations)) ?? []).some((reference) =>
    [namespace, plan.namespace].some((home) => refersTo(reference, { name, namespace: home }, podNamespace)),
  );
}

/** The networks annotation without the entry of the network that the mark names. */
function withoutEntry(annotations: PodText['annotations'], podNamespace: string): string {
  const value = networksOf(annotations);
  const { form, index, count } = entryOf(annotations, podNamespace);
  if (index < 0) return value;
  return removeEntry({ source: value, ...RAW }, form, index, count) ?? value;
}

/** The last entry that can be ours: it names the attachment of the marked network, in the network's namespace or in the pod's own. */
function entryOf(annotations: PodText['annotations'], podNamespace: string) {
  const value = networksOf(annotations);
  const [, namespace] = labelOf(annotations).split('/').toReversed();
  const name = attachmentOf(annotations);
  const references = parseNetworks(value) ?? [];
  const index = references.findLastIndex((reference) =>
    [namespace, undefined].some((home) => refersTo(reference, { name, namespace: home }, podNamespace)),
  );
  return { form: formOf(value), index, count: references.length };
}

/** The attachment that a pod with our mark was given. */
function attachmentOf(annotations: PodText['annotations']): string {
  const own = annotations[ATTACHMENT_ANNOTATION];
  return typeof own === 'string' ? own : nameIn(labelOf(annotations));
}

/** The network that a pod's mark names. */
export function labelOf(annotations: PodText['annotations']): string {
  return String(annotations[CLIENT_ANNOTATION]);
}

/** The name in a mark; the network's shared attachment has it too. */
function nameIn(mark: string): string {
  return mark.split('/').at(-1) ?? '';
}

export function networksOf(annotations: PodText['annotations']): string {
  const value = annotations[NETWORKS_ANNOTATION];
  return typeof value === 'string' ? value : '';
}

/** The pod at a path, as an object's text now has it. */
export function podIn(text: string, path: readonly string[]): PodText {
  const metadata = fieldAt(parse(text).value, [...path, 'metadata']);
  return {
    text,
    path: [...path, 'metadata'],
    metadata: fields(metadata),
    annotations: fields(fieldAt(metadata, ['annotations'])),
  };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function fieldAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (parent, key) => (parent as Readonly<Record<string, unknown>> | null | undefined)?.[key],
    value,
  );
}
