import type { GatewayNetworkSpec } from './generated/gateway-network.ts';

/** How the network is monitored. `labels`: those by which a Prometheus selects what it is to read. */
export type Monitoring =
  | { readonly type: 'None' }
  | { readonly type: 'PrometheusOperator'; readonly labels: Readonly<Record<string, string>> };

/** The TCP port of a pod that serves metrics. */
export const METRICS_PORT = 9473;

export function parseMonitoring({ monitoring }: GatewayNetworkSpec): Monitoring {
  if (monitoring === undefined) return { type: 'None' };
  const { type, prometheusOperator = {} } = monitoring;
  return { type, labels: prometheusOperator.labels ?? {} };
}
