import { expect, test } from 'vitest';
import { agentMetrics } from '../../../fn/node/node-agent/metrics-text.ts';

const MEASURED = {
  network: 'egress/vpn',
  configuration: '85944171f73967e8',
  isReady: true,
  repairs: 3,
  peers: 2,
  outdated: 1,
  closed: 4,
  clients: 3,
  pool: [{ family: 'IPv4', size: 237, used: 2 }] as const,
  drops: new Map([
    ['to-node', 12345678901],
    ['spoofed-mac', 0],
  ]),
  time: 1796000000,
};

test('the metrics of an agent', () => {
  expect(agentMetrics(MEASURED)).toBe(`# HELP gateway_network_ready Whether the node is as the network needs it.
# TYPE gateway_network_ready gauge
gateway_network_ready{network="egress/vpn"} 1
# HELP gateway_network_repairs_total Changes that put right what something else had changed on the node.
# TYPE gateway_network_repairs_total counter
gateway_network_repairs_total{network="egress/vpn"} 3
# HELP gateway_network_peers Other nodes that flooded frames are sent to.
# TYPE gateway_network_peers gauge
gateway_network_peers{network="egress/vpn"} 2
# HELP gateway_network_pods_with_other_mtu Pods of the node whose interface has another MTU than the network: they are older than it.
# TYPE gateway_network_pods_with_other_mtu gauge
gateway_network_pods_with_other_mtu{network="egress/vpn"} 1
# HELP gateway_network_closed_ports Pods that are kept off the network, because it is not known what was given to them or they took something else.
# TYPE gateway_network_closed_ports gauge
gateway_network_closed_ports{network="egress/vpn"} 4
# HELP gateway_network_clients Clients of the node that are on the network.
# TYPE gateway_network_clients gauge
gateway_network_clients{network="egress/vpn"} 3
# HELP gateway_network_pool_addresses Addresses that clients of all nodes can get.
# TYPE gateway_network_pool_addresses gauge
gateway_network_pool_addresses{network="egress/vpn",family="IPv4"} 237
# HELP gateway_network_pool_used_addresses Addresses of the pool that clients of the node have.
# TYPE gateway_network_pool_used_addresses gauge
gateway_network_pool_used_addresses{network="egress/vpn",family="IPv4"} 2
# HELP gateway_network_configuration_info The configuration that the agent or the router runs.
# TYPE gateway_network_configuration_info gauge
gateway_network_configuration_info{network="egress/vpn",configuration="85944171f73967e8"} 1
# HELP gateway_network_dropped_packets_total Packets that a rule has dropped.
# TYPE gateway_network_dropped_packets_total counter
gateway_network_dropped_packets_total{network="egress/vpn",reason="to-node"} 12345678901
gateway_network_dropped_packets_total{network="egress/vpn",reason="spoofed-mac"} 0
# HELP gateway_network_metrics_timestamp_seconds When the agent or the router has measured all this.
# TYPE gateway_network_metrics_timestamp_seconds gauge
gateway_network_metrics_timestamp_seconds{network="egress/vpn"} 1796000000
`);
});

test('what is not known is left out', () => {
  const text = agentMetrics({
    ...MEASURED,
    isReady: false,
    configuration: undefined,
    closed: undefined,
    clients: undefined,
    pool: [],
  });
  expect(text).toContain('gateway_network_ready{network="egress/vpn"} 0\n');
  expect(text).not.toMatch(/closed_ports|configuration_info|clients|pool/);
});
