import { type Item, mentions } from '../krm/item.ts';
import type { ClientsPlan, LabelExpression } from '../plan/network-plan.ts';
import type { Workload } from './workload.ts';

/** Whether a workload's pods are among the clients, by label selector semantics of Kubernetes. */
export function selects({ labels, expressions, namespaces }: ClientsPlan, workload: Workload): boolean {
  return (
    (namespaces.type === 'All' || namespaces.names.includes(workload.identity.namespace)) &&
    Object.entries(labels).every(([key, value]) => workload.labels[key] === value) &&
    expressions.every((expression) => holds(expression, workload.labels))
  );
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

/** Whether an item could be selected, judged by its bytes alone, so that most items need not be parsed: a label that must be there stands in the text. */
export function mightSelect({ labels, expressions }: ClientsPlan, item: Item): boolean {
  const required = expressions.filter(({ operator }) => operator === 'In' || operator === 'Exists');
  const needles = [...Object.entries(labels).flat(), ...required.map(({ key }) => key)];
  return needles.every((needle) => mentions(item, needle));
}
