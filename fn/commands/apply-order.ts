import type { OutputDocument } from '../krm/write.ts';

/**
 * In groups, as kustomize sorts them: what others cannot be created without, everything else, pods, which are refused without their
 * ServiceAccount or PriorityClass, and what refuses others until the server that it names runs.
 */
const GROUPS: Readonly<Record<string, number>> = {
  Namespace: -2,
  CustomResourceDefinition: -1,
  Pod: 1,
  MutatingWebhookConfiguration: 2,
  ValidatingWebhookConfiguration: 2,
};

/**
 * Documents in an order in which `kubectl apply` can create them in an empty cluster. Within a group they stay in the order in which
 * they came, which is the one that reviewers know.
 */
export function inApplyOrder(documents: readonly OutputDocument[]): readonly OutputDocument[] {
  const groupOf = ({ identity }: OutputDocument): number => GROUPS[identity?.kind ?? ''] ?? 0;
  return documents.toSorted((a, b) => groupOf(a) - groupOf(b));
}
