import type { Client, LabelSelector } from '../api/generated/gateway-network.ts';
import { groupOf, KNOWN_WORKLOADS, knownWorkload, type WorkloadKind } from '../api/workload-kinds.ts';
import type { ClientsPlan, LabelExpression, Scope } from './network-plan.ts';

export type { WorkloadKind } from '../api/workload-kinds.ts';

export function planClients({ selector, names, namespaces, workloads }: Client): ClientsPlan {
  return {
    labels: selector?.matchLabels ?? {},
    expressions: labelExpressions(selector),
    names: scope(names),
    namespaces: scope(namespaces),
    workloads: workloads?.map(planWorkload) ?? KNOWN_WORKLOADS,
  };
}

export function labelExpressions(selector: LabelSelector | undefined): readonly LabelExpression[] {
  return (selector?.matchExpressions ?? []).map(({ key, operator, values }) => ({
    key,
    operator,
    values: values ?? [],
  }));
}

/** Namespaces that get an attachment of their own. */
export function attachmentNamespaces(clients: readonly Client[], home: string): readonly string[] {
  const named = clients.flatMap(({ attachment, namespaces }) =>
    attachment === 'PerNamespace' ? (namespaces ?? []) : [],
  );
  return [...new Set(named)].filter((namespace) => namespace !== home).toSorted();
}

function scope(names: readonly string[] | undefined): Scope {
  return names === undefined ? { type: 'All' } : { type: 'Named', names };
}

function planWorkload({ apiVersion, kind, templatePath = '' }: NonNullable<Client['workloads']>[number]): WorkloadKind {
  return knownWorkload(kind, apiVersion) ?? { group: groupOf(apiVersion ?? ''), kind, path: templatePath.split('.') };
}

/** Whether an object is of a kind, in any version of its API. */
export function isOfKind(object: { readonly apiVersion: string; readonly kind: string }, kind: WorkloadKind): boolean {
  return kind.kind === object.kind && kind.group === groupOf(object.apiVersion);
}
