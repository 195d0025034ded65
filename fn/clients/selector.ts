import { type Identity, type Item, mentions } from '../krm/item.ts';
import { isOfKind } from '../plan/clients.ts';
import type { ClientsPlan, LabelExpression, Scope, Selector } from '../plan/network-plan.ts';
import type { Workload } from './workload.ts';

/** Whether a workload's pods are among the clients, by label selector semantics of Kubernetes. */
export function selects(choice: ClientsPlan, { identity, path, labels }: Workload): boolean {
  return inScope(choice, identity) && looksAt(choice, identity, path) && fits(choice, labels);
}

/** Whether an entry searches for pods at a path of a kind. */
export function looksAt(choice: ClientsPlan, identity: Identity, path: readonly string[]): boolean {
  return choice.workloads.some((kind) => isOfKind(identity, kind) && kind.path.join('.') === path.join('.'));
}

/** Whether labels meet all requirements of a selector, such as an entry. */
export function fits({ labels: required, expressions }: Selector, labels: Workload['labels']): boolean {
  return (
    Object.entries(required).every(([key, value]) => labels[key] === value) &&
    expressions.every((expression) => holds(expression, labels))
  );
}

/** Whether an entry requires a label. Other entries match pods without labels. */
export function wantsLabels({ labels, expressions }: ClientsPlan): boolean {
  return Object.keys(labels).length > 0 || expressions.some(isPositive);
}

/** Whether an object has a name and a namespace of an entry. */
export function inScope({ names, namespaces }: ClientsPlan, { name, namespace }: Identity): boolean {
  return includes(names, name) && includes(namespaces, namespace);
}

export function includes(scope: Scope, name: string): boolean {
  return scope.type === 'All' || scope.names.includes(name);
}

/** A missing key satisfies NotIn and DoesNotExist (Kubernetes, labels and selectors). */
function holds({ key, operator, values }: LabelExpression, labels: Workload['labels']): boolean {
  const value = labels[key];
  const listed = typeof value === 'string' && values.includes(value);
  switch (operator) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** Whether an object may contain the labels that an entry requires, decided by its bytes. */
export function mentionsLabels(choice: ClientsPlan, item: Item): boolean {
  return requiredWords(choice).every((word) => mentions(item, word));
}

/** Words that the text of every object with the required labels contains. */
export function requiredWords({ labels, expressions }: ClientsPlan): readonly string[] {
  return [...Object.entries(labels).flat(), ...expressions.filter(isPositive).map(({ key }) => key)];
}

function isPositive({ operator }: LabelExpression): boolean {
  return operator === 'In' || operator === 'Exists';
}
