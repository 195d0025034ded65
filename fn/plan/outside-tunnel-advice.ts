import type { Problem } from '../krm/problem.ts';
import { formatCidr } from '../net/cidr.ts';
import type { NetworkPlan } from './network-plan.ts';

/** What clients of a VPN send outside the tunnel by default; none of what the user has set. */
export function outsideTunnelAdvice(plan: NetworkPlan): readonly Problem[] {
  if (plan.egress.type !== 'VPN') return [];
  return [...namesAdvice(plan), ...rangesAdvice(plan)];
}

/** Name servers that no client uses are warned about with the same remedy. */
function namesAdvice(plan: NetworkPlan): readonly Problem[] {
  if (plan.resolver.type === 'None' && plan.resolver.unused.length > 0) return [];
  const index = plan.clients.findIndex(({ isDnsSet }) => !isDnsSet);
  if (index < 0) return [];
  const message =
    `the cluster's DNS looks up the names that clients ask for, outside the tunnel: set \`spec.clients[${index}].dns\` to "Gateway" ` +
    'and `spec.gateway.dns.upstreams` to send these queries through it, or `dns` to "Cluster" if that is what you want';
  return [advice(plan, `spec.clients[${index}].dns`, message)];
}

function rangesAdvice(plan: NetworkPlan): readonly Problem[] {
  const { keptByDefault } = plan;
  if (keptByDefault.length === 0) return [];
  const message =
    `clients reach ${keptByDefault.map(formatCidr).join(', ')} by their primary network, outside the tunnel, ` +
    "also hosts there that are not the cluster's: list the networks of pods, Services and nodes in `spec.cluster.cidrs`";
  return [advice(plan, 'spec.cluster.cidrs', message)];
}

function advice({ ref, file }: NetworkPlan, path: string, message: string): Problem {
  return { code: 'Advice', severity: 'info', message, ref, ...(file && { file }), field: { path } };
}
