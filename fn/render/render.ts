import type { KubernetesObject } from '../krm/input.ts';
import type { LocatedPlan, NetworkPlan } from '../plan/network-plan.ts';
import { admissionChecks } from './admission-check.ts';
import { admissionPolicies } from './admission-policy.ts';
import { clientAttachment } from './attachment.ts';
import { clientAttachments } from './client-attachments.ts';
import { monitoring } from './monitoring.ts';
import { networkPolicies } from './network-policies.ts';
import { disruptionBudgets } from './disruption-budget.ts';
import { inboundConfigMaps } from './inbound.ts';
import { links } from './links.ts';
import { nodeAgent } from './node-agent.ts';
import { peersService } from './peers-service.ts';
import { routers } from './router.ts';
import { serviceAccount } from './service-account.ts';

/** Every object of a network, in reading order: the network, the nodes, the routers. */
export function render(plan: LocatedPlan): readonly KubernetesObject[] {
  const attachment = clientAttachment(plan);
  return [
    attachment,
    ...clientAttachments(plan, attachment),
    ...inboundConfigMaps(plan),
    ...networkPolicies(plan),
    ...admissionPolicies(plan),
    ...admissionChecks(plan),
    ...nodes(plan),
    serviceAccount(plan, 'router', plan.names.router),
    ...routers(plan),
    ...disruptionBudgets(plan),
    ...monitoring(plan),
  ];
}

function nodes(plan: NetworkPlan): readonly KubernetesObject[] {
  const { agent, overlay } = plan;
  if (agent.type === 'NodeNetworkOperator') return links(plan, agent.overlay);
  const discovered = overlay.type === 'VXLAN' && overlay.flooding.type === 'Discovered';
  return [
    serviceAccount(plan, 'node-agent', plan.names.agent),
    ...nodeAgent(plan, agent),
    ...(discovered ? [peersService(plan, overlay)] : []),
  ];
}
