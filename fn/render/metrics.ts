import type { V1Volume } from '@kubernetes/client-node';
import type { NetworkPlan } from '../plan/network-plan.ts';
import type { Mount } from './pod.ts';

/** Where the directory for metrics is in a container. */
export const METRICS_DIR = '/run/gateway-network-metrics';
/** The file in it that is served, whose name says of which type it is. */
export const METRICS_PAGE = 'metrics.txt';

/** The directory of the node that its node_exporter reads, where metrics are asked for. */
export function metricsMounts({ agent }: NetworkPlan): readonly Mount[] {
  if (agent.type !== 'DaemonSet' || agent.metrics.type !== 'Textfile') return [];
  // The directory may be missing: pods must not wait for node_exporter.
  const hostPath = { path: agent.metrics.directory, type: 'DirectoryOrCreate' };
  return [{ volume: { name: 'metrics', hostPath }, mountPath: METRICS_DIR }];
}

/** What a program writes its metrics to, where they are served. */
export function pageMounts({ monitoring }: NetworkPlan, volume: V1Volume): readonly Mount[] {
  return monitoring.type === 'None' ? [] : [{ volume, mountPath: METRICS_DIR }];
}

/** The key of a program's configuration that says where to write what is served. */
export function pageData({ monitoring }: NetworkPlan): { readonly metricsPage?: string } {
  return monitoring.type === 'None' ? {} : { metricsPage: `${METRICS_DIR}/${METRICS_PAGE}` };
}

/** Of an agent, whose metrics a pod on the pod network serves: it has no network of its own. */
export function nodePage({ monitoring }: NetworkPlan): V1Volume {
  const path = monitoring.type === 'None' ? '' : monitoring.directory;
  return { name: 'metrics', hostPath: { path, type: 'DirectoryOrCreate' } };
}

/** Of a router, whose pod serves them. */
export const ROUTER_PAGE: V1Volume = { name: 'metrics', emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } };
