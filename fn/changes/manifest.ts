import type { V1ObjectMeta, V1PodTemplateSpec } from '@kubernetes/client-node';
import { NETWORK_LABEL } from '../marks.ts';
import { type Fields, fieldsOf, isFields } from '../yaml/fields.ts';

/** An object of Kubernetes, with what is compared here. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: Fields & { readonly template?: V1PodTemplateSpec; readonly config?: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** Kind, namespace and name, by which the same object is found on both sides. */
export function keyOf({ kind, metadata }: Manifest): string {
  return `${kind} ${nameOf(metadata)}`;
}

/** `namespace/name`, or the name where there is no namespace. */
export function nameOf({ namespace, name = '' }: V1ObjectMeta): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Whether a network has rendered an object. */
export function isRendered({ metadata }: Manifest): boolean {
  return NETWORK_LABEL in fieldsOf(metadata.labels);
}

/** Whether two values are the same, whatever the order of their keys. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one, inOrder) === JSON.stringify(other, inOrder);
}

function inOrder(_: string, value: unknown): unknown {
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
