import { dropSamples, metricsText, one } from '../status/metrics.ts';
import type { PoolUse } from './pool-use.ts';

/** What a node's agent tells in its metrics. */
export interface Measured {
  readonly network: string;
  /** The fingerprint of the configuration that it runs. */
  readonly configuration: string | undefined;
  readonly isReady: boolean;
  readonly repairs: number;
  readonly peers: number;
  /** Pods with another MTU. */
  readonly outdated: number;
  /** Ports that are closed; nothing where pods are not told from one another. */
  readonly closed: number | undefined;
  /** How many clients are on the network, and the pool; nothing where pods are not told from one another. */
  readonly clients: number | undefined;
  readonly pool: readonly PoolUse[];
  /** Dropped packets, by the reason. */
  readonly drops: ReadonlyMap<string, number>;
  /** Now, in seconds since the epoch. */
  readonly time: number;
}

/** The metrics of an agent. */
export function agentMetrics({ network, configuration, isReady, pool, drops, ...measured }: Measured): string {
  return metricsText({ network }, [
    one('ready', isReady ? 1 : 0),
    one('repairs_total', measured.repairs),
    one('peers', measured.peers),
    one('pods_with_other_mtu', measured.outdated),
    one('closed_ports', measured.closed),
    one('clients', measured.clients),
    ['pool_addresses', pool.map(({ family, size }) => [size, { family }])],
    ['pool_used_addresses', pool.map(({ family, used }) => [used, { family }])],
    one('configuration_info', configuration === undefined ? undefined : 1, { configuration: configuration ?? '' }),
    dropSamples(drops),
    one('metrics_timestamp_seconds', measured.time),
  ]);
}
