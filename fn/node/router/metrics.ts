import type { Findings } from '../status/findings.ts';
import { dropSamples, metricsText, one } from '../status/metrics.ts';
import type { Settings } from './settings.ts';
import type { Traffic } from './traffic.ts';

/** Part of the note of keepalived's program by which the active router is known. */
const ACTIVE = "this router has the gateway's addresses";

/** Of each router a file of its own, beside that of the node's agent. */
export function routerMetricsFile(file: string, index: string): string {
  return `${file.replace(/\.prom$/, '')}_router_${index}.prom`;
}

/** How a router is: what is seen without asking the kernel. */
export interface RouterState {
  readonly isReady: boolean;
  /** Whether it has the gateway's addresses. */
  readonly isActive: boolean;
  /** Of each router that the active one hears of, whether it could take over. */
  readonly standbys: readonly (readonly [name: string, isReady: boolean])[];
  /** The fingerprint of the configuration that it runs. */
  readonly configuration: string | undefined;
}

export function routerState({ config, others }: Settings, findings: Findings, configuration?: string): RouterState {
  const notes = findings.notes.join('; ');
  const hasFailover = config.failover !== undefined;
  const isReady = findings.faults.length === 0;
  const isActive = hasFailover ? notes.includes(ACTIVE) : isReady;
  const heard = others.map(({ name }) => [name, !notes.includes(`standby ${name}: not ready`)] as const);
  return { isReady, isActive, standbys: hasFailover && isActive ? heard : [], configuration };
}

/** What else a router tells in its metrics. */
export interface RouterMeasured {
  /** How often it has become active; nothing for a router alone. */
  readonly activations: number | undefined;
  readonly connections: number | undefined;
  readonly connectionsLimit: number | undefined;
  /** In seconds since the epoch. */
  readonly handshake: number | undefined;
  readonly traffic: Traffic;
  /** Now, in seconds since the epoch. */
  readonly time: number;
}

/** The metrics of a router. */
export function routerMetrics({ config, own }: Settings, state: RouterState, measured: RouterMeasured): string {
  const { isReady, isActive, standbys, configuration } = state;
  const { traffic } = measured;
  return metricsText({ network: config.network, router: own.name }, [
    one('router_ready', isReady ? 1 : 0),
    one('router_active', isActive ? 1 : 0),
    ['standby_ready', standbys.map(([router, isStandbyReady]) => [isStandbyReady ? 1 : 0, { router }])],
    one('router_activations_total', measured.activations),
    one('router_connections', measured.connections),
    one('router_connections_limit', measured.connectionsLimit),
    one('router_last_handshake_timestamp_seconds', measured.handshake),
    ['router_client_sent_bytes_total', traffic.sent.map(({ client, bytes }) => [bytes, { client }])],
    ['router_client_received_bytes_total', traffic.received.map(({ client, bytes }) => [bytes, { client }])],
    one('configuration_info', configuration === undefined ? undefined : 1, { configuration: configuration ?? '' }),
    dropSamples(traffic.drops),
    one('metrics_timestamp_seconds', measured.time),
  ]);
}
