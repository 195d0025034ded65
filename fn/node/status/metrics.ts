/** A metric of an agent or a router: its type, and what it says. docs/metrics.md has the same. */
interface Metric {
  readonly type: 'gauge' | 'counter';
  readonly help: string;
}

const gauge = (help: string): Metric => ({ type: 'gauge', help });
const counter = (help: string): Metric => ({ type: 'counter', help });

/**
 * All metrics, by their names without the prefix `gateway_network_`. Where agents and routers have the same, collectors
 * want one text for both.
 */
export const METRICS = {
  ready: gauge('Whether the node is as the network needs it.'),
  repairs_total: counter('Changes that put right what something else had changed on the node.'),
  peers: gauge('Other nodes that flooded frames are sent to.'),
  pods_with_other_mtu: gauge(
    'Pods of the node whose interface has another MTU than the network: they are older than it.',
  ),
  closed_ports: gauge(
    'Pods that are kept off the network, because it is not known what was given to them or they took something else.',
  ),
  clients: gauge('Clients of the node that are on the network.'),
  pool_addresses: gauge('Addresses that clients of all nodes can get.'),
  pool_used_addresses: gauge('Addresses of the pool that clients of the node have.'),
  router_ready: gauge('Whether the router can route.'),
  router_active: gauge("Whether the router has the gateway's addresses."),
  standby_ready: gauge('Whether another router could take over, as the active one hears.'),
  router_activations_total: counter('Times that the router has become the active one.'),
  router_connections: gauge("Connections that the kernel tracks in the router's pod."),
  router_connections_limit: gauge('Connections that it can track.'),
  router_last_handshake_timestamp_seconds: gauge('When the latest handshake of the WireGuard tunnel was.'),
  router_client_sent_bytes_total: counter('Bytes of IP packets that were forwarded from a client.'),
  router_client_received_bytes_total: counter('Bytes of IP packets that were forwarded to a client.'),
  configuration_info: gauge('The configuration that the agent or the router runs.'),
  dropped_packets_total: counter('Packets that a rule has dropped.'),
  metrics_timestamp_seconds: gauge('When the agent or the router has measured all this.'),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;
export type Labels = Readonly<Record<string, string>>;
/** A value, and the labels that it has besides those of all. */
export type Sample = readonly [number, Labels?];
/** A metric and its samples; one without samples is left out. */
export type Measured = readonly [MetricName, readonly Sample[]];

/**
 * Metrics in Prometheus' text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
 *
 * @param labels which all samples have
 */
export function metricsText(labels: Labels, measured: readonly Measured[]): string {
  return measured
    .filter(([, samples]) => samples.length > 0)
    .map(([name, samples]) => {
      const { type, help } = METRICS[name];
      const full = `gateway_network_${name}`;
      const lines = samples.map(([value, more]) => `${full}{${labelText({ ...labels, ...more })}} ${value}\n`);
      return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('')}`;
    })
    .join('');
}

/** The sample of a metric that has one, unless it is not known. */
export function one(name: MetricName, value: number | undefined, labels: Labels = {}): Measured {
  return [name, value === undefined ? [] : [[value, labels]]];
}

/** The samples of packets that rules have dropped, by the reason. */
export function dropSamples(drops: ReadonlyMap<string, number>): Measured {
  return ['dropped_packets_total', Array.from(drops, ([reason, count]) => [count, { reason }])];
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join();
}
