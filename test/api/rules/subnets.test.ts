import { expect, it, test } from 'vitest';
import { messages, proposals } from '../networks.ts';

it.each([
  'subnets: [192.168.50.0/24]',
  'subnets: [fd00:50::/64]',
  'subnets: [fd00:50::/64, 192.168.50.0/24]',
  'subnets: [10.0.0.0/8]',
  'subnets: [192.168.50.8/29, "fd00::8/125"]',
])('%s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

it.each([
  ['subnets: [office]', '`spec.subnets[0]` must be a subnet in CIDR notation, such as "192.168.50.0/24", not "office"'],
  [
    'subnets: [192.168.50.1/24]',
    '`spec.subnets[0]` must be "192.168.50.0/24", not "192.168.50.1/24": the bits behind the prefix are zero in a subnet',
  ],
  [
    'subnets: [192.168.50.0/24, 10.0.0.0/24]',
    '`spec.subnets[1]` must be of another IP family than "192.168.50.0/24", not "10.0.0.0/24": a network has at most one subnet of each family',
  ],
  ['subnets: [192.168.50.0/30]', '`spec.subnets[0]` must have a prefix length between 8 and 29, not "192.168.50.0/30"'],
  ['subnets: [0.0.0.0/0]', '`spec.subnets[0]` must have a prefix length between 8 and 29, not "0.0.0.0/0"'],
  ['subnets: ["fd00::/48"]', '`spec.subnets[0]` must have a prefix length between 64 and 125, not "fd00::/48"'],
  ['subnets: ["fd00::/126"]', '`spec.subnets[0]` must have a prefix length between 64 and 125, not "fd00::/126"'],
  [
    'subnets: [0.1.0.0/16]',
    '`spec.subnets[0]` must lie outside 0.0.0.0/8, not "0.1.0.0/16": the addresses of that range are "this network"',
  ],
  [
    'subnets: [127.0.1.0/24]',
    '`spec.subnets[0]` must lie outside 127.0.0.0/8, not "127.0.1.0/24": the addresses of that range are loopback',
  ],
  [
    'subnets: [169.254.0.0/16]',
    '`spec.subnets[0]` must lie outside 169.254.0.0/16, not "169.254.0.0/16": the addresses of that range are link-local',
  ],
  [
    'subnets: [239.0.0.0/24]',
    '`spec.subnets[0]` must lie outside 224.0.0.0/4, not "239.0.0.0/24": the addresses of that range are multicast',
  ],
  [
    'subnets: [250.0.0.0/24]',
    '`spec.subnets[0]` must lie outside 240.0.0.0/4, not "250.0.0.0/24": the addresses of that range are reserved',
  ],
  [
    'subnets: ["::/64"]',
    '`spec.subnets[0]` must lie outside ::/127, not "::/64": the addresses of that range are loopback',
  ],
  [
    'subnets: ["fe80::/64"]',
    '`spec.subnets[0]` must lie outside fe80::/10, not "fe80::/64": the addresses of that range are link-local',
  ],
  [
    'subnets: ["ff05::/64"]',
    '`spec.subnets[0]` must lie outside ff00::/8, not "ff05::/64": the addresses of that range are multicast',
  ],
])('%s is not', (spec, message) => {
  expect(messages(spec)).toEqual([message]);
});

test('the network that was meant is proposed', () => {
  expect(proposals('subnets: ["fd00:50::1/64"]')).toEqual({ 'spec.subnets[0]': 'fd00:50::/64' });
});
