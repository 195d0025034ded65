import type { GatewayNetworkSpec } from '../api/generated/gateway-network.ts';
import { labelExpressions } from './clients.ts';
import type { NetworkPlan } from './network-plan.ts';

/** The images are for Linux (Kubernetes, "Well-Known Labels": the kubelet sets it on every node). */
const LINUX = { 'kubernetes.io/os': 'linux' };

/** Where every cluster admits pods of these classes; elsewhere some ask for a ResourceQuota (admission plugin ResourceQuota, `limitedResources`). */
const SYSTEM_NAMESPACE = 'kube-system';
const SYSTEM_CLASSES = { agent: 'system-node-critical', router: 'system-cluster-critical' };
const NO_CLASSES = { agent: '', router: '' };

/** Routers run on nodes of the network that also meet their own selector. */
export function planPlacement(
  { nodes, gateway, agent }: GatewayNetworkSpec,
  namespace: string,
): NetworkPlan['placement'] {
  const nodeLabels = { ...LINUX, ...nodes?.selector?.matchLabels };
  const nodeExpressions = labelExpressions(nodes?.selector);
  const own = gateway?.nodes?.selector;
  const ownLabels = Object.entries(own?.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: 'In' as const,
    values: [value],
  }));
  const classes = namespace === SYSTEM_NAMESPACE ? SYSTEM_CLASSES : NO_CLASSES;
  return {
    network: {
      nodeLabels,
      nodeExpressions,
      tolerations: nodes?.tolerations ?? [{ operator: 'Exists' }],
      priorityClass: agent?.daemonSet?.priorityClassName ?? classes.agent,
    },
    routers: {
      nodeLabels,
      nodeExpressions: [...nodeExpressions, ...ownLabels, ...labelExpressions(own)],
      tolerations: gateway?.nodes?.tolerations ?? [],
      priorityClass: gateway?.priorityClassName ?? classes.router,
    },
  };
}
