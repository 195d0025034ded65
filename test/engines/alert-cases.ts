/** Series of a network, and their values from minute to minute, in promtool's notation. */
export type Series = Readonly<Record<string, string>>;

const OWN = 'network="egress/vpn"';
const [FIRST, SECOND] = ['vpn-router-0', 'vpn-router-1'].map((router) => `${OWN},router="${router}",node="${router}"`);
const [NODE1, NODE2] = ['one', 'two'].map((node) => `${OWN},node="${node}"`);
const JOB = 'job="egress/vpn-metrics"';

/** A network where all is well for an hour. */
export const HEALTHY: Series = {
  [`gateway_network_ready{${NODE1}}`]: '1x60',
  [`gateway_network_ready{${NODE2}}`]: '1x60',
  [`gateway_network_peers{${NODE1}}`]: '1x60',
  [`gateway_network_peers{${NODE2}}`]: '1x60',
  [`gateway_network_repairs_total{${NODE1}}`]: '2+0x60',
  [`gateway_network_closed_ports{${NODE1}}`]: '0x60',
  [`gateway_network_pool_addresses{${NODE1},family="IPv4"}`]: '20x60',
  [`gateway_network_pool_addresses{${NODE2},family="IPv4"}`]: '20x60',
  [`gateway_network_pool_used_addresses{${NODE1},family="IPv4"}`]: '9x60',
  [`gateway_network_pool_used_addresses{${NODE2},family="IPv4"}`]: '9x60',
  [`gateway_network_configuration_info{${NODE1},configuration="aa"}`]: '1x60',
  [`gateway_network_configuration_info{${NODE2},configuration="aa"}`]: '1x60',
  [`gateway_network_configuration_info{${FIRST},configuration="bb"}`]: '1x60',
  [`gateway_network_configuration_info{${SECOND},configuration="bb"}`]: '1x60',
  [`gateway_network_dropped_packets_total{${NODE1},reason="spoofed-mac"}`]: '5+0x60',
  [`gateway_network_dropped_packets_total{${FIRST},reason="not-in-firewall-allow"}`]: '0+6000x60',
  [`gateway_network_metrics_timestamp_seconds{${NODE1}}`]: '0+60x60',
  [`gateway_network_router_ready{${FIRST}}`]: '1x60',
  [`gateway_network_router_ready{${SECOND}}`]: '1x60',
  [`gateway_network_router_active{${FIRST}}`]: '1x30 0x30',
  [`gateway_network_router_active{${SECOND}}`]: '0x30 1x30',
  [`gateway_network_standby_ready{${OWN},router="vpn-router-1",node="vpn-router-0"}`]: '1x60',
  [`gateway_network_router_activations_total{${FIRST}}`]: '1x60',
  [`gateway_network_router_activations_total{${SECOND}}`]: '0x30 1x30',
  [`gateway_network_router_connections{${FIRST}}`]: '8000x60',
  [`gateway_network_router_connections_limit{${FIRST}}`]: '10000x60',
  [`gateway_network_router_last_handshake_timestamp_seconds{${FIRST}}`]: '0+60x60',
  [`up{${JOB},pod="vpn-metrics-abc",node="one"}`]: '1x60',
  // Of another network, where nothing is well.
  'gateway_network_ready{network="egress/other",node="one"}': '0x60',
  'gateway_network_router_ready{network="egress/other",router="other-router-0"}': '0x60',
  'up{job="egress/other-metrics",pod="other-metrics-abc"}': '0x60',
};

/** Of each alert what is otherwise, and what it then says. */
export const FAULTS: readonly (readonly [alert: string, otherwise: Series, summary: string])[] = [
  [
    'GatewayNetworkNoActiveRouter',
    { [`gateway_network_router_active{${FIRST}}`]: '1x30 0x30', [`gateway_network_router_active{${SECOND}}`]: '0x60' },
    'no router is active, clients are cut off',
  ],
  [
    'GatewayNetworkRouterNotReady',
    { [`gateway_network_router_ready{${SECOND}}`]: '1x30 0x30' },
    'the router vpn-router-1 on vpn-router-1 is not ready',
  ],
  [
    'GatewayNetworkAgentNotReady',
    { [`gateway_network_ready{${NODE2}}`]: '1x30 0x30' },
    'the agent on two is not ready',
  ],
  [
    'GatewayNetworkMetricsMissing',
    { [`up{${JOB},pod="vpn-metrics-abc",node="one"}`]: '1x30 0x30' },
    'an agent or a router on one tells nothing',
  ],
  [
    'GatewayNetworkMetricsMissing',
    { [`gateway_network_metrics_timestamp_seconds{${NODE1}}`]: '0+60x30 1800x30' },
    'an agent or a router on one tells nothing',
  ],
  [
    'GatewayNetworkConfigurationDiffers',
    {
      [`gateway_network_configuration_info{${SECOND},configuration="bb"}`]: '_x60',
      [`gateway_network_configuration_info{${SECOND},configuration="cc"}`]: '1x60',
    },
    'agents, or routers, run different configurations',
  ],
  [
    'GatewayNetworkPeersDiffer',
    { [`gateway_network_peers{${NODE2}}`]: '1x30 0x30' },
    'nodes do not agree on who is a node of the network',
  ],
  [
    'GatewayNetworkHandshakeOld',
    { [`gateway_network_router_last_handshake_timestamp_seconds{${FIRST}}`]: '0+60x30 1800x30' },
    'the WireGuard peer of the router vpn-router-0 on vpn-router-0 does not answer',
  ],
  [
    'GatewayNetworkStandbyNotReady',
    { [`gateway_network_standby_ready{${OWN},router="vpn-router-1",node="vpn-router-0"}`]: '1x30 0x30' },
    'the router vpn-router-1 could not take over',
  ],
  [
    'GatewayNetworkManyFailovers',
    { [`gateway_network_router_activations_total{${SECOND}}`]: '0+1x10 10x50' },
    'routers took over more than three times within an hour',
  ],
  [
    'GatewayNetworkPodsKeptOff',
    { [`gateway_network_closed_ports{${NODE1}}`]: '0x30 2x30' },
    'pods on one are kept off the network',
  ],
  [
    'GatewayNetworkPoolNearlyUsedUp',
    { [`gateway_network_pool_used_addresses{${NODE2},family="IPv4"}`]: '9x30 10x30' },
    'more than 90 % of the pool of IPv4 addresses are used',
  ],
  [
    'GatewayNetworkConnectionsNearLimit',
    { [`gateway_network_router_connections{${FIRST}}`]: '8000x30 9100x30' },
    'the router vpn-router-0 on vpn-router-0 has almost as many connections as it can have',
  ],
  [
    'GatewayNetworkAttackDropped',
    { [`gateway_network_dropped_packets_total{${NODE1},reason="spoofed-mac"}`]: '5+0x30 5+120x30' },
    'packets are dropped on one, reason spoofed-mac',
  ],
  [
    'GatewayNetworkManyRepairs',
    { [`gateway_network_repairs_total{${NODE1}}`]: '2+1x60' },
    'something else keeps changing what the agent on one has made',
  ],
];
