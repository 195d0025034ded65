import { type Identity, type Item, mentions } from '../krm/item.ts';
import { isOfKind } from '../plan/clients.ts';
import type { ClientsPlan, LabelExpression, Scope } from '../plan/network-plan.ts';
import type { Workload } from './workload.ts';

/** Whether a workload's pods are among the clients, by label selector semantics of Kubernetes. */
export function selects(choice: ClientsPlan, { identity, path, labels }: Workload): boolean {
  return inScope(choice, identity) && looksAt(choice, identity, path) && fits(choice, labels);
}

/** Whether a choice looks at the pods that stand at a path of a kind of objects. */
export function looksAt(choice: ClientsPlan, identity: Identity, path: readonly string[]): boolean {
  return choice.workloads.some((kind) => isOfKind(identity, kind) && kind.path.join('.') === path.join('.'));
}

/** Whether labels are such as a choice wants. */
export function fits(choice: ClientsPlan, labels: Workload['labels']): boolean {
  return (
    Object.entries(choice.labels).every(([key, value]) => labels[key] === value) &&
    choice.expressions.every((expression) => holds(expression, labels))
  );
}

/** Whether a choice wants a label to be there; all others fit without any. */
export function wantsLabels({ labels, expressions }: ClientsPlan): boolean {
  return Object.keys(labels).length > 0 || expressions.some(isPositive);
}

/** Whether an object goes by the name and the namespace of a choice. */
export function inScope({ names, namespaces }: ClientsPlan, { name, namespace }: Identity): boolean {
  return includes(names, name) && includes(namespaces, namespace);
}

function includes(scope: Scope, name: string): boolean {
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

/** Whether the labels that a choice wants may stand in an object, judged by its bytes alone. */
export function mentionsLabels(choice: ClientsPlan, item: Item): boolean {
  return requiredWords(choice).every((word) => mentions(item, word));
}

/** What stands in the text of every object with the labels that a choice wants. */
export function requiredWords({ labels, expressions }: ClientsPlan): readonly string[] {
  return [...Object.entries(labels).flat(), ...expressions.filter(isPositive).map(({ key }) => key)];
}

function isPositive({ operator }: LabelExpression): boolean {
  return operator === 'In' || operator === 'Exists';
}
