import type { Problem } from '../krm/problem.ts';
import type { NetworkPlan } from './network-plan.ts';

/** Without an overlay each node has a separate network: pods on other nodes than the router's have no egress. */
export function singleNodeAdvice({ overlay, placement, ref, file }: NetworkPlan): readonly Problem[] {
  const { labels, expressions } = placement.network;
  // One label is always there: that of the operating system.
  const isChosen = Object.keys(labels).length > 1 || expressions.length > 0;
  if (overlay.type !== 'SingleNode' || isChosen) return [];
  return [
    {
      code: 'Advice',
      severity: 'warning',
      message:
        'without `spec.overlay` and `spec.nodes.selector` each node has a separate network, and clients on another node than the ' +
        "router's reach nothing outside: set `spec.overlay`, or select one node with `spec.nodes.selector` and schedule the clients there, " +
        'unless the cluster has only one node',
      ref,
      ...(file && { file }),
      field: { path: 'spec.overlay' },
    },
  ];
}
