import { expect, test } from 'vitest';
import { routerMetrics, routerMetricsFile, routerState } from '../../../fn/node/router/metrics.ts';
import { settingsFor } from './settings.ts';

const ONE = settingsFor('{subnets: [192.168.50.0/24], overlay: {vni: 7}}');
const THREE = settingsFor('{subnets: [192.168.50.0/24], overlay: {vni: 7}, gateway: {replicas: 3}}');
const ACTIVE = "this router has the gateway's addresses";

const MEASURED = {
  activations: 2,
  connections: 17,
  connectionsLimit: 262144,
  handshake: 1796000000,
  traffic: {
    sent: [{ client: '192.168.50.20', bytes: 12345678901 }],
    received: [{ client: '192.168.50.20', bytes: 84 }],
    drops: new Map([['to-router', 3]]),
  },
  time: 1796000060,
};

test('each metric is explained', () => {
  const state = routerState(THREE, { faults: [], notes: [ACTIVE] }, 'cbf29ce484222325');
  expect(routerMetrics(THREE, state, MEASURED).replaceAll('network="egress/vpn",router="vpn-router-0"', 'OWN')).toBe(
    `# HELP gateway_network_router_ready Whether the router can route.
# TYPE gateway_network_router_ready gauge
gateway_network_router_ready{OWN} 1
# HELP gateway_network_router_active Whether the router has the gateway's addresses.
# TYPE gateway_network_router_active gauge
gateway_network_router_active{OWN} 1
# HELP gateway_network_standby_ready Whether another router could take over, as the active one hears.
# TYPE gateway_network_standby_ready gauge
gateway_network_standby_ready{network="egress/vpn",router="vpn-router-1"} 1
gateway_network_standby_ready{network="egress/vpn",router="vpn-router-2"} 1
# HELP gateway_network_router_activations_total Times that the router has become the active one.
# TYPE gateway_network_router_activations_total counter
gateway_network_router_activations_total{OWN} 2
# HELP gateway_network_router_connections Connections that the kernel tracks in the router's pod.
# TYPE gateway_network_router_connections gauge
gateway_network_router_connections{OWN} 17
# HELP gateway_network_router_connections_limit Connections that it can track.
# TYPE gateway_network_router_connections_limit gauge
gateway_network_router_connections_limit{OWN} 262144
# HELP gateway_network_router_last_handshake_timestamp_seconds When the latest handshake of the WireGuard tunnel was.
# TYPE gateway_network_router_last_handshake_timestamp_seconds gauge
gateway_network_router_last_handshake_timestamp_seconds{OWN} 1796000000
# HELP gateway_network_router_client_sent_bytes_total Bytes of IP packets that were forwarded from a client.
# TYPE gateway_network_router_client_sent_bytes_total counter
gateway_network_router_client_sent_bytes_total{OWN,client="192.168.50.20"} 12345678901
# HELP gateway_network_router_client_received_bytes_total Bytes of IP packets that were forwarded to a client.
# TYPE gateway_network_router_client_received_bytes_total counter
gateway_network_router_client_received_bytes_total{OWN,client="192.168.50.20"} 84
# HELP gateway_network_configuration_info The configuration that the agent or the router runs.
# TYPE gateway_network_configuration_info gauge
gateway_network_configuration_info{OWN,configuration="cbf29ce484222325"} 1
# HELP gateway_network_dropped_packets_total Packets that a rule has dropped.
# TYPE gateway_network_dropped_packets_total counter
gateway_network_dropped_packets_total{OWN,reason="to-router"} 3
# HELP gateway_network_metrics_timestamp_seconds When the agent or the router has measured all this.
# TYPE gateway_network_metrics_timestamp_seconds gauge
gateway_network_metrics_timestamp_seconds{OWN} 1796000060
`,
  );
});

test('what is not known is left out', () => {
  const state = routerState(ONE, { faults: [], notes: [] });
  const nothing = { activations: undefined, connections: undefined, connectionsLimit: undefined, handshake: undefined };
  const traffic = { sent: [], received: [], drops: new Map<string, number>() };
  const text = routerMetrics(ONE, state, { ...MEASURED, ...nothing, traffic });
  expect([...text.matchAll(/^gateway_network_(\w+)/gm)].map(([, name]) => name)).toEqual([
    'router_ready',
    'router_active',
    'metrics_timestamp_seconds',
  ]);
});

test.each<[string, typeof ONE, readonly string[], readonly string[], object]>([
  ['the only router is active while it is ready', ONE, [], [], { isReady: true, isActive: true }],
  ['the only router is not active while it is not ready', ONE, ['no'], [], { isReady: false, isActive: false }],
  ['one of several is active by what keepalived says', THREE, [], [], { isReady: true, isActive: false }],
  [
    'the active one hears of the others',
    THREE,
    ['no'],
    [`${ACTIVE}; standby vpn-router-2: not ready: nothing is heard of it`],
    {
      isReady: false,
      isActive: true,
      standbys: [
        ['vpn-router-1', true],
        ['vpn-router-2', false],
      ],
    },
  ],
])('%s', (_, settings, faults, notes, expected) => {
  expect(routerState(settings, { faults, notes })).toEqual({ standbys: [], configuration: undefined, ...expected });
});

test('each router has a file of its own', () => {
  expect(routerMetricsFile('/run/metrics/gateway_network_vpn.prom', '1')).toBe(
    '/run/metrics/gateway_network_vpn_router_1.prom',
  );
});
