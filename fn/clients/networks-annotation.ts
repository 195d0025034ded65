import { attachmentReference } from '../plan/names.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';

/** One network that a pod asks Multus for. */
export interface NetworkReference {
  readonly name: string;
  /** Undefined where the reference means the pod's own namespace. */
  readonly namespace: string | undefined;
}

/**
 * The entries of a `k8s.v1.cni.cncf.io/networks` annotation: `name`, `namespace/name`, each with `@interface`, separated by commas;
 * or a JSON list (de-facto standard v1.3, section 4.1.2). Undefined where it is neither.
 */
export function parseNetworks(value: unknown): readonly NetworkReference[] | undefined {
  if (typeof value !== 'string') return undefined;
  return value.trimStart().startsWith('[') ? parseList(value) : value.split(',').map(parseShort);
}

function parseShort(entry: string): NetworkReference {
  const [path = ''] = entry.trim().split('@');
  const slash = path.indexOf('/');
  return slash < 0
    ? { name: path, namespace: undefined }
    : { name: path.slice(slash + 1), namespace: path.slice(0, slash) };
}

function parseList(value: string): readonly NetworkReference[] | undefined {
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.map(parseEntry) : undefined;
  } catch {
    return undefined;
  }
}

function parseEntry(entry: { name?: unknown; namespace?: unknown } | null): NetworkReference {
  return {
    name: typeof entry?.name === 'string' ? entry.name : '',
    namespace: typeof entry?.namespace === 'string' && entry.namespace !== '' ? entry.namespace : undefined,
  };
}

/** Whether a reference of a pod in `podNamespace` means the clients' attachment of a network. */
export function refersTo(reference: NetworkReference, plan: NetworkPlan, podNamespace: string): boolean {
  return reference.name === plan.names.clientAttachment && (reference.namespace ?? podNamespace) === plan.namespace;
}

/** What a pod in `podNamespace` writes to join a network. */
export function referenceTo(plan: NetworkPlan, podNamespace: string): string {
  return attachmentReference(plan.names.clientAttachment, plan.namespace, podNamespace);
}
