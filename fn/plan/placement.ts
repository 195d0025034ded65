import type { Network } from '../api/network.ts';
import type { NetworkPlan } from './network-plan.ts';

/** The images are for Linux (Kubernetes, "Well-Known Labels": the kubelet sets it on every node). */
const LINUX = { 'kubernetes.io/os': 'linux' };

/** Routers run on nodes of the network that also meet their own selector. */
export function planPlacement({ nodes, gateway }: Network): NetworkPlan['placement'] {
  const labels = { ...LINUX, ...nodes.labels };
  const own = Object.entries(gateway.nodes.labels).map(([key, value]) => ({
    key,
    operator: 'In' as const,
    values: [value],
  }));
  const expressions = [...nodes.expressions, ...own, ...gateway.nodes.expressions];
  return { network: { ...nodes, labels }, routers: { ...gateway.nodes, labels, expressions } };
}
