import type { V1PodDisruptionBudget } from '@kubernetes/client-node';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { metadata, podSelector } from './metadata.ts';

/**
 * A node drain evicts one of several routers at a time. A single router gets no budget, because it
 * could never be evicted.
 */
export function disruptionBudgets(plan: NetworkPlan): readonly V1PodDisruptionBudget[] {
  if (plan.failover.type === 'None') return [];
  return [
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadata(plan, 'router', plan.names.router),
      spec: { maxUnavailable: 1, selector: { matchLabels: podSelector(plan, 'router') } },
    },
  ];
}
