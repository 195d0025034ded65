import type { Named } from '../cluster/observation.ts';
import { NETWORK_LABEL, NETWORK_NAMESPACE_ANNOTATION } from '../marks.ts';

/** What tells two networks of a cluster apart. */
export interface NetworkId {
  readonly namespace: string;
  readonly name: string;
}

/** Of an object that a network has rendered: which network. */
export function ownerOf({ metadata }: Named): NetworkId {
  return {
    namespace: metadata?.annotations?.[NETWORK_NAMESPACE_ANNOTATION] ?? metadata?.namespace ?? '',
    name: metadata?.labels?.[NETWORK_LABEL] ?? '',
  };
}

/** Those of a network, of objects that networks have rendered. */
export function ownedBy<T extends Named>({ namespace, name }: NetworkId, objects: readonly T[]): readonly T[] {
  return objects.filter((object) => {
    const owner = ownerOf(object);
    return owner.name === name && owner.namespace === namespace;
  });
}

/** The part of a network that an object or a pod is of. */
export function componentOf({ metadata }: Named): string | undefined {
  return metadata?.labels?.['app.kubernetes.io/component'];
}

export function labelOf({ namespace, name }: NetworkId): string {
  return `${namespace}/${name}`;
}

/** Namespace and name of a pod. */
export function podNameOf({ metadata }: Named): { readonly namespace: string; readonly pod: string } {
  return { namespace: metadata?.namespace ?? '', pod: metadata?.name ?? '' };
}
