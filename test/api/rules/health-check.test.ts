import { expect, it } from 'vitest';
import { messages } from '../networks.ts';

const PATH = 'spec.gateway.healthCheck.addresses[0]';
const EGRESS =
  'egress: {type: Network, network: {attachment: {name: vlan99}, addresses: [10.99.0.11/24], gateways: [10.99.0.1]}}';

it.each([
  '{gateway: {healthCheck: {addresses: [1.1.1.1, 9.9.9.9]}}}',
  '{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}, gateway: {healthCheck: {addresses: ["2001:db8::1"]}}}',
  '{gateway: {healthCheck: {addresses: [10.0.0.1]}}}',
  `{cluster: {cidrs: [10.0.0.0/8]}, gateway: {${EGRESS}, healthCheck: {addresses: [10.99.0.1]}}}`,
])('%s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

it.each([
  ['[one.one.one.one]', `\`${PATH}\` must be an IP address, such as "1.1.1.1", not "one.one.one.one"`],
  ['[127.0.0.1]', `\`${PATH}\` must be the address of a host outside the cluster, not "127.0.0.1"`],
  [
    '[192.168.50.1]',
    `\`${PATH}\` is "192.168.50.1" and must lie outside \`spec.subnets[0]\`, which is "192.168.50.0/24": clients would look for it among themselves`,
  ],
  [
    '["2001:db8::1"]',
    `\`${PATH}\` is "2001:db8::1" and must be of another IP family: \`spec.subnets\` has no IPv6 subnet, so IPv6 does not leave through the gateway`,
  ],
  [
    '[10.244.0.9]',
    `\`${PATH}\` is "10.244.0.9" and must lie outside \`spec.cluster.cidrs[0]\`, which is "10.244.0.0/16": clients reach it without the gateway`,
  ],
])('%s is not', (addresses, message) => {
  expect(messages(`{cluster: {cidrs: [10.244.0.0/16]}, gateway: {healthCheck: {addresses: ${addresses}}}}`)).toEqual([
    message,
  ]);
});
