import type { OutputDocument } from '../krm/write.ts';

/**
 * Groups in the order of kustomize: objects that others need, all other objects, pods (which need
 * ServiceAccount and PriorityClass), and webhooks, which reject objects until their server runs. Admission policies
 * need no server, and are for pods that come after them.
 */
const GROUPS: Readonly<Record<string, number>> = {
  Namespace: -2,
  CustomResourceDefinition: -1,
  MutatingAdmissionPolicy: -1,
  MutatingAdmissionPolicyBinding: -1,
  ValidatingAdmissionPolicy: -1,
  ValidatingAdmissionPolicyBinding: -1,
  Pod: 1,
  MutatingWebhookConfiguration: 2,
  ValidatingWebhookConfiguration: 2,
};

/**
 * Sorts documents so that `kubectl apply` can create them in an empty cluster. Within a group they
 * keep their order, which reviewers know.
 */
export function inApplyOrder(documents: readonly OutputDocument[]): readonly OutputDocument[] {
  const groupOf = ({ identity }: OutputDocument): number => GROUPS[identity?.kind ?? ''] ?? 0;
  return documents.toSorted((a, b) => groupOf(a) - groupOf(b));
}
