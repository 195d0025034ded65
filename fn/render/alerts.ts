/** The matchers by which expressions select the metrics of one network, and its scrapes. */
interface Matchers {
  readonly network: string;
  readonly job: string;
}

/** An alert of a network. */
export interface Alert {
  readonly alert: string;
  /** `critical`: clients are cut off, or about to be. */
  readonly severity: 'critical' | 'warning';
  /** How long it must be so. */
  readonly minutes: number;
  /** In PromQL. */
  readonly expression: (matchers: Matchers) => string;
  /** Half a sentence. */
  readonly summary: string;
  /** Whether it is for networks with several routers only. */
  readonly needsFailover?: true;
}

/** Behind the name of the router or the node, as far as there is one. */
const WHERE = '{{ with $labels.router }} {{ . }}{{ end }}{{ with $labels.node }} on {{ . }}{{ end }}';

/** Reasons of dropped packets that show that a pod tries what it must not. */
const ATTACKS = 'spoofed-.*|around-gateway|encapsulated|vxlan-from-.*|router-advertisement';

/** Each has a section in docs/troubleshooting.md. */
export const ALERTS: readonly Alert[] = [
  {
    alert: 'GatewayNetworkNoActiveRouter',
    severity: 'critical',
    minutes: 1,
    expression: ({ network }) => `absent(gateway_network_router_active{${network}} == 1)`,
    summary: 'no router is active, clients are cut off',
  },
  {
    alert: 'GatewayNetworkRouterNotReady',
    severity: 'warning',
    minutes: 5,
    expression: ({ network }) => `gateway_network_router_ready{${network}} == 0`,
    summary: `the router${WHERE} is not ready`,
  },
  {
    alert: 'GatewayNetworkAgentNotReady',
    severity: 'warning',
    minutes: 5,
    expression: ({ network }) => `gateway_network_ready{${network}} == 0`,
    summary: `the agent${WHERE} is not ready`,
  },
  {
    alert: 'GatewayNetworkMetricsMissing',
    severity: 'warning',
    minutes: 10,
    expression: ({ job, network }) =>
      `up{${job}} == 0 or time() - gateway_network_metrics_timestamp_seconds{${network}} > 120`,
    summary: `an agent or a router${WHERE} tells nothing`,
  },
  {
    alert: 'GatewayNetworkConfigurationDiffers',
    severity: 'warning',
    minutes: 30,
    expression: ({ network }) =>
      [`router=""`, `router!=""`]
        .map((which) => `count(count by (configuration) (gateway_network_configuration_info{${network},${which}})) > 1`)
        .join(' or '),
    summary: 'agents, or routers, run different configurations',
  },
  {
    alert: 'GatewayNetworkPeersDiffer',
    severity: 'warning',
    minutes: 15,
    expression: ({ network }) => `max(gateway_network_peers{${network}}) != min(gateway_network_peers{${network}})`,
    summary: 'nodes do not agree on who is a node of the network',
  },
  {
    alert: 'GatewayNetworkHandshakeOld',
    severity: 'critical',
    minutes: 2,
    expression: ({ network }) => `time() - gateway_network_router_last_handshake_timestamp_seconds{${network}} > 180`,
    summary: `the WireGuard peer of the router${WHERE} does not answer`,
  },
  {
    alert: 'GatewayNetworkStandbyNotReady',
    severity: 'warning',
    minutes: 10,
    expression: ({ network }) => `gateway_network_standby_ready{${network}} == 0`,
    summary: 'the router {{ $labels.router }} could not take over',
    needsFailover: true,
  },
  {
    alert: 'GatewayNetworkManyFailovers',
    severity: 'warning',
    minutes: 0,
    expression: ({ network }) => `sum(increase(gateway_network_router_activations_total{${network}}[1h])) > 3`,
    summary: 'routers took over more than three times within an hour',
    needsFailover: true,
  },
  {
    alert: 'GatewayNetworkPodsKeptOff',
    severity: 'warning',
    minutes: 10,
    expression: ({ network }) => `gateway_network_closed_ports{${network}} > 0`,
    summary: `pods${WHERE} are kept off the network`,
  },
  {
    alert: 'GatewayNetworkPoolNearlyUsedUp',
    severity: 'warning',
    minutes: 15,
    expression: ({ network }) =>
      `sum by (family) (gateway_network_pool_used_addresses{${network}}) / max by (family) (gateway_network_pool_addresses{${network}}) > 0.9`,
    summary: 'more than 90 % of the pool of {{ $labels.family }} addresses are used',
  },
  {
    alert: 'GatewayNetworkConnectionsNearLimit',
    severity: 'warning',
    minutes: 5,
    expression: ({ network }) =>
      `gateway_network_router_connections{${network}} / gateway_network_router_connections_limit{${network}} > 0.9`,
    summary: `the router${WHERE} has almost as many connections as it can have`,
  },
  {
    alert: 'GatewayNetworkAttackDropped',
    severity: 'warning',
    minutes: 10,
    expression: ({ network }) =>
      `sum by (node, router, reason) (rate(gateway_network_dropped_packets_total{${network},reason=~"${ATTACKS}"}[5m])) > 1`,
    summary: `packets are dropped${WHERE}, reason {{ $labels.reason }}`,
  },
  {
    alert: 'GatewayNetworkManyRepairs',
    severity: 'warning',
    minutes: 0,
    expression: ({ network }) => `increase(gateway_network_repairs_total{${network}}[1h]) > 10`,
    summary: `something else keeps changing what the agent${WHERE} has made`,
  },
];
