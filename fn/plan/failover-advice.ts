import type { Problem } from '../krm/problem.ts';
import type { NetworkPlan } from './network-plan.ts';

const SOURCE = {
  ClusterNetwork: "with the address of the router's pod",
  VPN: "through the router's own tunnel",
  Network: 'with an address of that router alone',
} as const;

/** Whether connections break when another router takes over: they do where the routers share no source address. */
export function failoverAdvice({ failover, egress, ref, file }: NetworkPlan): readonly Problem[] {
  if (failover.type === 'None' || failover.synchronised) return [];
  const remedy =
    egress.type === 'Network' ? '; with `spec.gateway.egress.network.snatAddresses` they would survive' : '';
  return [
    {
      code: 'Advice',
      severity: 'info',
      message: `clients' connections break when another router takes over, because they leave ${SOURCE[egress.type]}${remedy}`,
      ref,
      ...(file && { file }),
      field: { path: 'spec.gateway.replicas' },
    },
  ];
}
