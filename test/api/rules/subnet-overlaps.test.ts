import { expect, it, test } from 'vitest';
import { messages, validated } from '../networks.ts';

it.each([
  ['cluster: {cidrs: [10.0.0.0/8]}'],
  ['overlay: {vni: 7, flooding: {type: Unicast, unicast: {peers: [10.0.0.1, 10.0.0.2]}}}'],
])('a subnet beside %s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

it.each([
  [
    'cluster: {cidrs: [10.0.0.0/8, 192.168.0.0/16]}',
    '`spec.subnets[0]` is "192.168.50.0/24" and must not overlap `spec.cluster.cidrs[1]`, which is "192.168.0.0/16": an address in both would be reached through the primary network',
  ],
  [
    'overlay: {vni: 7, flooding: {type: Unicast, unicast: {peers: [10.0.0.1, 192.168.50.2]}}}',
    '`spec.subnets[0]` is "192.168.50.0/24" and must not contain `spec.overlay.flooding.unicast.peers[1]`, which is "192.168.50.2": the nodes would look for each other inside this network',
  ],
])('a subnet in %s is not', (spec, message) => {
  expect(messages(spec)).toEqual([message]);
});

test('two networks have no address in common, in any family', () => {
  expect(
    messages(
      'subnets: [10.1.0.0/16, "fd00:1::/64"]',
      'subnets: ["fd00:1::/96", 10.2.0.0/16]',
      'subnets: [10.2.9.0/24, "fd00:2::/64"]',
    ),
  ).toEqual([
    '`spec.subnets[0]` is "fd00:1::/96" and must not overlap `spec.subnets[1]` of GatewayNetwork "egress/one" in "one.yaml", which is "fd00:1::/64"',
    '`spec.subnets[0]` is "10.2.9.0/24" and must not overlap `spec.subnets[1]` of GatewayNetwork "egress/two" in "two.yaml", which is "10.2.0.0/16"',
  ]);
});

test('the later of two has the fault', () => {
  const { networks, problems } = validated('subnets: [10.1.0.0/16]', 'subnets: [10.0.0.0/8]');
  expect(networks.map(({ network }) => network.name)).toEqual(['one']);
  expect(problems.map(({ code, file }) => [code, file?.path])).toEqual([['Overlap', 'two.yaml']]);
});
