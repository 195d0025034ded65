import type { V1ObjectMeta } from '@kubernetes/client-node';
import { NETWORK_LABEL, NETWORK_NAMESPACE_ANNOTATION } from '../marks.ts';
import type { KubernetesObject } from '../krm/input.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';

/** A part of the network that runs pods or configures them. */
export type Component = 'network' | 'node-agent' | 'router' | 'metrics';

/** Name, namespace and labels of a rendered object; the network label says who owns it. */
export function metadata(
  plan: NetworkPlan,
  component: Component,
  name: string,
  annotations: Readonly<Record<string, string>> = {},
): V1ObjectMeta {
  return {
    name,
    ...(plan.namespace !== '' && { namespace: plan.namespace }),
    labels: { ...labels(plan, component), ...RELEASE },
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}

/**
 * The release that has rendered an object. Not on pod templates: pods are replaced with their image, and not for a
 * label.
 */
export const RELEASE = { 'app.kubernetes.io/version': __VERSION__ };

/** A cluster-scoped object of the network. An annotation says whose it is. */
export function clusterMetadata(plan: NetworkPlan, name: string): V1ObjectMeta {
  return {
    name,
    labels: { ...labels(plan, 'network'), ...RELEASE },
    annotations: { [NETWORK_NAMESPACE_ANNOTATION]: plan.namespace },
  };
}

/** An object of the network in another namespace, where an annotation says whose it is. */
export function inNamespace<T extends KubernetesObject>(plan: NetworkPlan, object: T, namespace: string): T {
  if (namespace === plan.namespace) return object;
  const annotations = { ...object.metadata?.annotations, [NETWORK_NAMESPACE_ANNOTATION]: plan.namespace };
  return { ...object, metadata: { ...object.metadata, namespace, annotations } };
}

/** The recommended labels of Kubernetes, and ours. */
export function labels(plan: NetworkPlan, component: Component): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'gateway-network',
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/managed-by': 'gateway-network-fn',
    [NETWORK_LABEL]: plan.name,
  };
}

/** What a DaemonSet, a Deployment or a Service finds the pods of a component by. */
export function podSelector(plan: NetworkPlan, component: Component): Record<string, string> {
  return { 'app.kubernetes.io/component': component, [NETWORK_LABEL]: plan.name };
}
