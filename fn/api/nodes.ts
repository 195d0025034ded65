import type { GatewayNetworkSpec } from './generated/gateway-network.ts';
import { parseSelector, type Selector } from './selector.ts';

/** The placement and the priority of pods. */
export interface Nodes extends Selector {
  readonly tolerations: readonly Toleration[];
  /** Empty for the default of the cluster. */
  readonly priorityClass: string;
}

/** A toleration as it stands in a pod's spec, only with the fields that were given. */
export type Toleration = Readonly<{
  key?: string;
  operator?: 'Equal' | 'Exists';
  value?: string;
  effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  tolerationSeconds?: number;
}>;

/**
 * Where every cluster admits pods of these classes; elsewhere some ask for a ResourceQuota (admission plugin
 * ResourceQuota, `limitedResources`).
 */
const SYSTEM_NAMESPACE = 'kube-system';
const EVERYTHING: readonly Toleration[] = [{ operator: 'Exists' }];

/** The nodes of the network, where the agents run. */
export function parseNodes({ nodes = {}, agent }: GatewayNetworkSpec, namespace: string): Nodes {
  const { selector, tolerations = EVERYTHING } = nodes;
  const { priorityClassName = classIn(namespace, 'system-node-critical') } = agent?.daemonSet ?? {};
  return { ...parseSelector(selector), tolerations, priorityClass: priorityClassName };
}

/** Further requirements on the routers' nodes. */
export function parseRouterNodes({ gateway = {} }: GatewayNetworkSpec, namespace: string): Nodes {
  const { selector, tolerations = [] } = gateway.nodes ?? {};
  const { priorityClassName = classIn(namespace, 'system-cluster-critical') } = gateway;
  return { ...parseSelector(selector), tolerations, priorityClass: priorityClassName };
}

function classIn(namespace: string, systemClass: string): string {
  return namespace === SYSTEM_NAMESPACE ? systemClass : '';
}
