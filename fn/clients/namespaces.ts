import { fieldsOf } from '../yaml/fields.ts';
import type { Input } from '../krm/input.ts';
import { identityOf, isReadable, type Item, valueOf } from '../krm/item.ts';
import { isEmptySelector } from '../plan/clients.ts';
import type { ClientsPlan, NetworkPlan, Scope } from '../plan/network-plan.ts';
import { isHelmRelease, releaseNamespace } from './helm-release.ts';
import { fits, includes } from './selector.ts';
import type { Workload } from './workload.ts';

/** The labels of the namespaces in the input, by their names; empty if nothing asks for them. */
export type Namespaces = ReadonlyMap<string, Workload['labels']>;

/** The label that every namespace has: its name (Kubernetes, NamespaceDefaultLabelName). */
const NAME_LABEL = 'kubernetes.io/metadata.name';

export function namespacesIn({ items }: Input, plans: readonly NetworkPlan[]): Namespaces {
  if (!plans.some(selectsByLabels)) return new Map();
  return new Map(
    items.flatMap((item) => {
      const { apiVersion, kind, name = '' } = identityOf(item) ?? {};
      if (apiVersion !== 'v1' || kind !== 'Namespace' || !isReadable(item)) return [];
      const labels = fieldsOf(fieldsOf(fieldsOf(valueOf(item))['metadata'])['labels']);
      return [[name, { ...labels, [NAME_LABEL]: name }] as const];
    }),
  );
}

/**
 * The plan with the namespaces of the input that each entry selects, by name. Those that cannot be compared are among
 * them, so that their workloads are found: see {@link isUnknown}.
 */
export function withNamespaces(plan: NetworkPlan, { items }: Input, known: Namespaces): NetworkPlan {
  if (!selectsByLabels(plan)) return plan;
  const used = new Set(items.flatMap(namespaceOf));
  const selected = (choice: ClientsPlan): Scope => {
    const names = [...used].filter((name) => {
      const labels = known.get(name);
      return includes(choice.namespaces, name) && (labels === undefined || fits(choice.namespaceSelector, labels));
    });
    return { type: 'Named', names };
  };
  const clients = plan.clients.map((choice) =>
    isEmptySelector(choice.namespaceSelector) ? choice : { ...choice, namespaces: selected(choice) },
  );
  return { ...plan, clients };
}

/** The namespace of an item's pods, or its own. */
function namespaceOf(item: Item): readonly string[] {
  const identity = identityOf(item);
  if (identity === undefined) return [];
  const isRelease = isHelmRelease(identity) && isReadable(item);
  return [isRelease ? releaseNamespace(item, identity) : identity.namespace];
}

function selectsByLabels({ clients }: NetworkPlan): boolean {
  return clients.some(({ namespaceSelector }) => !isEmptySelector(namespaceSelector));
}

/** Whether an entry selects namespaces by labels, and those of this one are not known. */
export function isUnknown({ namespaceSelector }: ClientsPlan, namespace: string, known: Namespaces): boolean {
  return !isEmptySelector(namespaceSelector) && !known.has(namespace);
}
