import { expect, it, test } from 'vitest';
import { messages, proposals } from '../networks.ts';

test('networks in CIDR notation are fine', () => {
  expect(messages('cluster: {cidrs: [10.244.0.0/16, 10.96.0.0/12, "fd01::/48", 10.0.0.5/32]}')).toEqual([]);
});

it.each([
  [
    'cluster: {cidrs: [10.0.0.0/8, 10.96.0.1]}',
    '`spec.cluster.cidrs[1]` must be a network in CIDR notation, such as "10.244.0.0/16", not "10.96.0.1"',
  ],
  [
    'cluster: {cidrs: [10.96.0.1/12]}',
    '`spec.cluster.cidrs[0]` must be "10.96.0.0/12", not "10.96.0.1/12": the bits behind the prefix are zero in a network',
  ],
  ...['0.0.0.0/0', '::/0', '2000::/3'].map((cidr) => [
    `{subnets: ["${cidr.includes(':') ? '192.168.50.0/24' : 'fd00:50::/64'}"], cluster: {cidrs: ["${cidr}"]}}`,
    `\`spec.cluster.cidrs[0]\` must be a network of the cluster's pods, Services or nodes, not "${cidr}": ` +
      `all of ${cidr.includes(':') ? 'IPv6' : 'IPv4'} would leave by the primary network, and none of it by the gateway; ` +
      'for that, of a family without a subnet, set `spec.unservedFamily` to "Bypass"',
  ]),
])('%s is not', (spec, message) => {
  expect(messages(spec)).toEqual([message]);
});

test('the network that was meant is proposed', () => {
  expect(proposals('cluster: {cidrs: [10.96.0.1/12]}')).toEqual({ 'spec.cluster.cidrs[0]': '10.96.0.0/12' });
});
