import type { Fields } from '../yaml/fields.ts';
import { setAnnotation } from '../krm/annotate.ts';
import { ATTACHMENT_ANNOTATION, BEFORE_ANNOTATION, CLIENT_ANNOTATION, NETWORKS_ANNOTATION } from '../marks.ts';
import type { AddressingPlan, NetworkPlan } from '../plan/network-plan.ts';
import {
  addNetwork,
  interfacesOf,
  parseNetworks,
  referenceTo,
  refersTo,
  removeNetwork,
  type NetworkRequest,
} from './networks-annotation.ts';
import type { Selection } from './selection.ts';
import type { Workload } from './workload.ts';

/** The annotations that mark a client, besides the networks annotation. The last one is from the first release. */
const MARKS = [CLIENT_ANNOTATION, ATTACHMENT_ANNOTATION, BEFORE_ANNOTATION];

/** The text in which a pod requests a network and carries its mark. `path` leads to the pod. */
export function joinNetwork(
  text: string,
  path: readonly string[],
  annotations: Fields,
  { label }: NetworkPlan,
  wanted: NetworkRequest,
): string {
  const metadata = [...path, 'metadata'];
  const joined = setAnnotation(text, metadata, NETWORKS_ANNOTATION, addNetwork(networksOf(annotations), wanted));
  const marked = setAnnotation(joined, metadata, CLIENT_ANNOTATION, label);
  return wanted.name === nameIn(label) ? marked : setAnnotation(marked, metadata, ATTACHMENT_ANNOTATION, wanted.name);
}

/** The annotations of a pod without the mark, and without the network that it names. */
export function withoutNetwork(annotations: Fields, podNamespace: string): Fields {
  const { [NETWORKS_ANNOTATION]: _, ...others } = annotations;
  const rest = withoutEntry(annotations, podNamespace);
  const kept = Object.entries(others).filter(([key]) => !MARKS.includes(key));
  return { ...Object.fromEntries(kept), ...(rest !== '' && { [NETWORKS_ANNOTATION]: rest }) };
}

/** The text in which a pod has these annotations left, as {@link withoutNetwork} gives them. */
export function leaveNetwork(text: string, path: readonly string[], annotations: Fields, left: Fields): string {
  const gone = [...MARKS, NETWORKS_ANNOTATION].filter((key) => key in annotations && left[key] !== annotations[key]);
  return gone.reduce((before, key) => {
    const value = left[key];
    return setAnnotation(before, [...path, 'metadata'], key, typeof value === 'string' ? value : undefined);
  }, text);
}

/** Whether the pod already requests the network, on an interface of its own, no matter who wrote that. */
export function isClientOf(
  { annotations, identity: { namespace } }: Workload,
  { plan, addressing }: Selection,
): boolean {
  if (!requestsNetwork(annotations, plan, addressing, namespace)) return false;
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

/** Whether a pod requests a network, by the attachment in its own namespace or in the network's. */
export function requestsNetwork(
  annotations: Fields,
  plan: NetworkPlan,
  addressing: AddressingPlan,
  podNamespace: string,
): boolean {
  const { name, namespace } = referenceTo(plan, addressing, podNamespace);
  return (parseNetworks(networksOf(annotations)) ?? []).some((reference) =>
    [namespace, plan.namespace].some((home) => refersTo(reference, { name, namespace: home }, podNamespace)),
  );
}

/**
 * The networks annotation without the last entry that names the attachment of the marked network, in the network's
 * namespace or in the pod's.
 */
function withoutEntry(annotations: Fields, podNamespace: string): string {
  const value = networksOf(annotations);
  const [, namespace] = labelOf(annotations).split('/').toReversed();
  const name = attachmentOf(annotations);
  const index = (parseNetworks(value) ?? []).findLastIndex((reference) =>
    [namespace, undefined].some((home) => refersTo(reference, { name, namespace: home }, podNamespace)),
  );
  return index < 0 ? value : removeNetwork(value, index);
}

/** The attachment that a pod with our mark was given. */
function attachmentOf(annotations: Fields): string {
  const own = annotations[ATTACHMENT_ANNOTATION];
  return typeof own === 'string' ? own : nameIn(labelOf(annotations));
}

/** The network that a pod's mark names. */
export function labelOf(annotations: Fields): string {
  return String(annotations[CLIENT_ANNOTATION]);
}

/** The name in a mark; the network's shared attachment has it too. */
function nameIn(mark: string): string {
  return mark.split('/').at(-1) ?? '';
}

export function networksOf(annotations: Fields): string {
  const value = annotations[NETWORKS_ANNOTATION];
  return typeof value === 'string' ? value : '';
}
