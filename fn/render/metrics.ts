import type { NetworkPlan } from '../plan/network-plan.ts';
import type { Mount } from './pod.ts';

/** Where the directory for metrics is in a container. */
export const METRICS_DIR = '/run/gateway-network-metrics';

/** The directory of the node that its node_exporter reads, where metrics are asked for. */
export function metricsMounts({ agent }: NetworkPlan): readonly Mount[] {
  if (agent.type !== 'DaemonSet' || agent.metrics.type !== 'Textfile') return [];
  // The directory may be missing: pods must not wait for node_exporter.
  const hostPath = { path: agent.metrics.directory, type: 'DirectoryOrCreate' };
  return [{ volume: { name: 'metrics', hostPath }, mountPath: METRICS_DIR }];
}
