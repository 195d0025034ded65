import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../fn/net/address.ts';
import { parseInterfaceAddress } from '../../fn/net/interface-address.ts';
import { planOf, MULTI_NODE } from './network.ts';

describe('the MTU', () => {
  test.each([
    ['of a single node is that of Ethernet', '{subnets: [10.9.0.0/24]}', 1500],
    ['over IPv4 leaves 50 bytes to the VXLAN', '{subnets: [10.9.0.0/24], overlay: {vni: 7}}', 1450],
    ['over IPv6 leaves 70', '{subnets: [10.9.0.0/24], overlay: {vni: 7, underlay: {family: IPv6}}}', 1430],
    ['follows the underlay', '{subnets: [10.9.0.0/24], overlay: {vni: 7, underlay: {mtu: 9000}}}', 8950],
    ['is what the user says', '{subnets: [10.9.0.0/24], mtu: 1400, overlay: {vni: 7, underlay: {mtu: 9000}}}', 1400],
  ])('%s', (_, spec, mtu) => expect(planOf(spec).mtu).toBe(mtu));
});

describe('the overlay', () => {
  test('is absent on a single node', () => {
    expect(planOf('{subnets: [10.9.0.0/24]}').overlay).toEqual({ type: 'SingleNode' });
  });

  test('finds its peers and its interface by itself', () => {
    const { overlay } = planOf(MULTI_NODE);
    expect(overlay).toEqual({
      type: 'VXLAN',
      device: expect.stringMatching(/^vx-vpn-/),
      vni: 1000,
      port: 4799,
      underlay: { family: 'IPv4', interface: { type: 'HostAddress' } },
      flooding: { type: 'Discovered' },
    });
  });

  test.each([
    ['{type: Unicast}', { type: 'Discovered' }],
    [
      '{type: Unicast, unicast: {peers: [172.18.0.3, 172.18.0.2]}}',
      { type: 'Listed', peers: ['172.18.0.3', '172.18.0.2'].map(parseAddress) },
    ],
    ['{type: Unicast, unicast: {peers: ["FD00::0A"]}}', { type: 'Listed', peers: [parseAddress('fd00::a')] }],
    [
      '{type: Multicast, multicast: {group: 224.0.0.88}}',
      { type: 'Multicast', group: parseAddress('224.0.0.88'), ttl: 1 },
    ],
    [
      '{type: Multicast, multicast: {group: 239.1.1.1, ttl: 8}}',
      { type: 'Multicast', group: parseAddress('239.1.1.1'), ttl: 8 },
    ],
  ])('floods as %s says', (flooding, expected) => {
    expect(planOf(`{subnets: [10.9.0.0/24], overlay: {vni: 7, flooding: ${flooding}}}`).overlay).toMatchObject({
      flooding: expected,
    });
  });
});

describe('addresses are handed out', () => {
  test.each([
    ['by host-local on one node', '{subnets: [10.9.0.0/24]}', 'HostLocal'],
    ['by whereabouts over several', '{subnets: [10.9.0.0/24], overlay: {vni: 7}}', 'Whereabouts'],
    [
      'by whereabouts with IPv6, since host-local gives on-link routes a gateway',
      '{subnets: ["fd00::/64"]}',
      'Whereabouts',
    ],
    ['as the user says', '{subnets: [10.9.0.0/24], ipam: {type: Whereabouts}}', 'Whereabouts'],
  ])('%s', (_, spec, ipam) => expect(planOf(spec).ipam).toBe(ipam));
});

test('IPv4 comes first, whatever the order of the subnets', () => {
  expect(planOf('{subnets: ["fd00::/64", 10.9.0.0/24]}').subnets.map(({ family }) => family)).toEqual(['IPv4', 'IPv6']);
});

test('the only router holds the gateway addresses', () => {
  expect(planOf('{subnets: [10.9.0.0/24, "fd00::/64"], gatewayAddresses: [10.9.0.254]}').routers).toMatchObject([
    { name: 'vpn-router-0', addresses: ['10.9.0.254/24', 'fd00::1/64'].map(parseInterfaceAddress) },
  ]);
});

test('routers run on nodes of the network that also meet their own selector', () => {
  const { placement } = planOf(
    '{subnets: [10.9.0.0/24], nodes: {selector: {matchLabels: {zone: a}}}, gateway: {nodes: {selector: {matchLabels: {edge: "1"}}}}}',
  );
  expect(placement.network).toMatchObject({ labels: { zone: 'a' }, expressions: [] });
  expect(placement.routers).toMatchObject({
    labels: { zone: 'a' },
    expressions: [{ key: 'edge', operator: 'In', values: ['1'] }],
  });
});

test('agents tolerate everything unless told otherwise, routers nothing', () => {
  const { placement } = planOf('{subnets: [10.9.0.0/24]}');
  expect(placement.network.tolerations).toEqual([{ operator: 'Exists' }]);
  expect(placement.routers.tolerations).toEqual([]);
});

test('pods run on Linux, whatever else is asked of their nodes', () => {
  const linux = { 'kubernetes.io/os': 'linux' };
  expect(planOf('{subnets: [10.9.0.0/24]}').placement).toMatchObject({
    network: { labels: linux },
    routers: { labels: linux },
  });
  const { placement } = planOf('{subnets: [10.9.0.0/24], nodes: {selector: {matchLabels: {zone: a}}}}');
  expect(placement.routers.labels).toEqual({ ...linux, zone: 'a' });
});

test.each([
  ['egress', '{}', '{}', '', ''],
  ['', '{}', '{}', '', ''],
  ['kube-system', '{}', '{}', 'system-node-critical', 'system-cluster-critical'],
  ['egress', '{priorityClassName: system-node-critical}', '{}', 'system-node-critical', ''],
  ['kube-system', '{priorityClassName: low}', '{priorityClassName: high}', 'low', 'high'],
])('in the namespace %j, %s and %s have the priority classes %j and %j', (namespace, agent, gateway, ...expected) => {
  const spec = `{subnets: [10.9.0.0/24], agent: {type: DaemonSet, daemonSet: ${agent}}, gateway: ${gateway}}`;
  const { placement } = planOf(spec, { name: 'vpn', namespace });
  expect([placement.network.priorityClass, placement.routers.priorityClass]).toEqual(expected);
});

test('given resources stand for themselves', () => {
  const { agent, resources } = planOf(
    '{subnets: [10.9.0.0/24], gateway: {resources: {limits: {memory: 16Mi, cpu: 1}}}}',
  );
  expect(resources.router).toEqual({ requests: {}, limits: { memory: '16Mi', cpu: '1' } });
  expect(agent).toHaveProperty('resources.requests.memory');
});

describe('the agent', () => {
  test('only speaks of the legacy backend of iptables, and writes no metrics', () => {
    expect(planOf(MULTI_NODE)).toMatchObject({
      isolated: false,
      agent: { snatExemption: { type: 'NoTrack' }, iptablesLegacy: 'Report', metrics: { type: 'None' } },
    });
  });

  test.each([
    ['{type: Textfile}', '/var/lib/node_exporter/textfile_collector'],
    ['{type: Textfile, textfile: {directory: /srv/metrics}}', '/srv/metrics'],
  ])('writes metrics as %s says', (metrics, directory) => {
    const spec = `{subnets: [10.9.0.0/24], agent: {type: DaemonSet, daemonSet: {metrics: ${metrics}}}}`;
    expect(planOf(spec).agent).toMatchObject({ metrics: { type: 'Textfile', directory } });
  });
});

test('the default image has the version of the package and no floating tag', () => {
  expect(planOf(MULTI_NODE).image).toMatch(/:v\d+\.\d+\.\d+$/);
});

test('the same network gives the same plan', () => {
  expect(planOf(MULTI_NODE)).toEqual(planOf(MULTI_NODE));
});
