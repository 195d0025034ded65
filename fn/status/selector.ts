import type { V1LabelSelector, V1LabelSelectorRequirement } from '@kubernetes/client-node';

type Labels = Readonly<Record<string, string>>;

/** Whether a label selector of Kubernetes chooses labels; an empty one, or none, chooses all. */
export function matches({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((requirement) => holds(requirement, labels))
  );
}

/** A missing key satisfies NotIn and DoesNotExist. */
function holds({ key, operator, values = [] }: V1LabelSelectorRequirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}
