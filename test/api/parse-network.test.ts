import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseNetwork } from '../../fn/api/parse-network.ts';
import { formatAddress } from '../../fn/net/address.ts';
import { formatCidr } from '../../fn/net/cidr.ts';
import { formatInterfaceAddress } from '../../fn/net/interface-address.ts';

const networkOf = (spec: string, namespace = 'egress') =>
  parseNetwork({
    apiVersion: 'gatewaynetwork.dev/v1alpha1',
    kind: 'GatewayNetwork',
    metadata: { name: 'vpn', namespace },
    spec: parse(spec),
  });

test('what is left out has its default, and lists are there', () => {
  expect(networkOf('{subnets: [10.9.0.0/24]}')).toMatchObject({
    reserved: [],
    mtu: 1500,
    unservedFamily: 'Block',
    clientIsolation: 'Disabled',
    ipam: 'HostLocal',
    overlay: { type: 'SingleNode' },
    bridge: { type: 'Derived' },
    agent: {
      type: 'DaemonSet',
      snatExemption: { type: 'NoTrack' },
      iptablesLegacy: 'Report',
      metrics: { type: 'None' },
    },
    clusterCidrs: [],
    gateway: { replicas: 1, egress: { type: 'ClusterNetwork' }, healthCheck: [], portForwards: [], upstreams: [] },
    clients: [],
    pullSecrets: [],
  });
});

test('there is a subnet for each family, IPv4 first, with its gateway', () => {
  const { subnets } = networkOf('{subnets: ["fd00:9::/64", 10.9.0.0/24], gatewayAddresses: ["FD00:9:0::0FE"]}');
  expect(subnets.map(({ cidr, gateway }) => [formatCidr(cidr), formatAddress(gateway)])).toEqual([
    ['10.9.0.0/24', '10.9.0.1'],
    ['fd00:9::/64', 'fd00:9::fe'],
  ]);
});

test('addresses on the network of the egress are IPv4 first, and the shared ones have the length of the others', () => {
  const { egress } = networkOf(`{subnets: [10.9.0.0/24, "fd00:9::/64"], gateway: {egress: {type: Network, network: {
    attachment: {name: vlan}, addresses: ["FD00:99::0B/64", 10.99.0.11/24], gateways: ["fd00:99::1", 10.99.0.1],
    snatAddresses: ["fd00:99::50", 10.99.0.50]}}}}`).gateway;
  if (egress.type !== 'Network') throw new Error('another egress');
  expect(egress.attachment).toEqual({ name: 'vlan', namespace: 'egress' });
  expect(egress.addresses.map(formatInterfaceAddress)).toEqual(['10.99.0.11/24', 'fd00:99::b/64']);
  expect(egress.nextHops.map(formatAddress)).toEqual(['10.99.0.1', 'fd00:99::1']);
  expect(egress.snatAddresses.map(formatInterfaceAddress)).toEqual(['10.99.0.50/24', 'fd00:99::50/64']);
});

test('node-network-operator carries what a Link says of the overlay', () => {
  const { agent } = networkOf(`{subnets: [10.9.0.0/24], agent: {type: NodeNetworkOperator}, overlay: {vni: 7,
    underlay: {interface: eth1}, flooding: {type: Multicast, multicast: {group: 239.0.0.7}}}}`);
  expect(agent).toMatchObject({
    overlay: {
      type: 'VXLAN',
      device: { type: 'Derived' },
      vni: 7,
      port: 4799,
      underlay: 'eth1',
      group: { family: 'IPv4' },
    },
  });
});

test('networks of a list are disjoint, and ports run on', () => {
  const { firewall } = networkOf(`{subnets: [10.9.0.0/24], gateway: {firewall: {deny: [{protocol: TCP,
    cidrs: [203.0.113.128/25, 203.0.113.0/25, 203.0.113.7/32], ports: [443, "440-443", 444]}]}}}`).gateway;
  expect(firewall.deny.map(({ cidrs, ports }) => [cidrs.map(formatCidr), ports])).toEqual([
    [['203.0.113.0/24'], [{ first: 440, last: 444 }]],
  ]);
});

test('a network that no rule has seen is our own fault', () => {
  expect(() => networkOf('{subnets: [office]}')).toThrow('the rules have not seen');
});
