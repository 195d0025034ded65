import type { V1LabelSelector, V1LabelSelectorRequirement } from '@kubernetes/client-node';
import type { LabelExpression, Selector } from '../plan/network-plan.ts';

/** A selector of labels; an empty one matches all. */
export function labelSelector({ labels, expressions }: Selector): V1LabelSelector {
  return {
    ...(Object.keys(labels).length > 0 && { matchLabels: labels }),
    ...(expressions.length > 0 && { matchExpressions: labelRequirements(expressions) }),
  };
}

/** Requirements on labels as pods and selectors have them. */
export function labelRequirements(expressions: readonly LabelExpression[]): V1LabelSelectorRequirement[] {
  return expressions.map(({ key, operator, values }) => ({
    key,
    operator,
    ...(values.length > 0 && { values: [...values] }),
  }));
}
