import type { Network } from '../api/network.ts';
import type { Toleration } from '../api/nodes.ts';
import type { LabelExpression } from '../api/selector.ts';

/** Which nodes pods run on, and how much they matter there. */
export interface Placement {
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly nodeExpressions: readonly LabelExpression[];
  readonly tolerations: readonly Toleration[];
  /** Empty for the one that the cluster gives to pods without. */
  readonly priorityClass: string;
}

/** The images are for Linux (Kubernetes, "Well-Known Labels": the kubelet sets it on every node). */
const LINUX = { 'kubernetes.io/os': 'linux' };

/** Routers run on nodes of the network that also meet their own selector. */
export function planPlacement({ nodes, gateway }: Network): {
  readonly network: Placement;
  readonly routers: Placement;
} {
  const { labels, expressions, ...network } = nodes;
  const { labels: ownLabels, expressions: ownExpressions, ...routers } = gateway.nodes;
  const nodeLabels = { ...LINUX, ...labels };
  const own = Object.entries(ownLabels).map(([key, value]) => ({ key, operator: 'In' as const, values: [value] }));
  return {
    network: { ...network, nodeLabels, nodeExpressions: expressions },
    routers: { ...routers, nodeLabels, nodeExpressions: [...expressions, ...own, ...ownExpressions] },
  };
}
