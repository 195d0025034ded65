import type { NetworkPlan } from '../plan/network-plan.ts';
import { clientAttachment, fixedAttachment, type NetworkAttachmentDefinition } from './attachment.ts';
import { inNamespace } from './metadata.ts';

/**
 * A copy of the clients' attachment, `own`, for each namespace that must not refer to the network's own
 * (Multus, namespaceIsolation), and
 * the attachments of clients with fixed addresses. The `name` of the CNI configuration and the
 * range are the same in all
 * namespaces, so host-local and whereabouts keep one pool for all of them.
 */
export function clientAttachments(
  plan: NetworkPlan,
  own = clientAttachment(plan),
): readonly NetworkAttachmentDefinition[] {
  const shared = copies(plan, own, plan.attachmentNamespaces);
  const fixed = plan.clients.flatMap(({ addressing }) => {
    if (addressing.type === 'Pool') return [];
    const attachment = fixedAttachment(plan, addressing);
    return [attachment, ...copies(plan, attachment, addressing.namespaces)];
  });
  return [...shared, ...fixed];
}

function copies(plan: NetworkPlan, attachment: NetworkAttachmentDefinition, namespaces: readonly string[]) {
  return namespaces.map((namespace) => inNamespace(plan, attachment, namespace));
}
