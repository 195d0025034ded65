import { NETWORK_NAMESPACE_ANNOTATION } from '../krm/annotations.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { clientAttachment, type NetworkAttachmentDefinition } from './attachment.ts';

/**
 * The clients' attachment once more for each namespace that must not refer to the network's own (Multus, namespaceIsolation). The
 * `name` of the CNI configuration and the range are the same, so host-local and whereabouts keep one pool for all of them.
 */
export function clientAttachments(plan: NetworkPlan): readonly NetworkAttachmentDefinition[] {
  const attachment = clientAttachment(plan);
  return plan.attachmentNamespaces.map((namespace) => ({
    ...attachment,
    metadata: {
      ...attachment.metadata,
      namespace,
      annotations: { [NETWORK_NAMESPACE_ANNOTATION]: plan.namespace },
    },
  }));
}
