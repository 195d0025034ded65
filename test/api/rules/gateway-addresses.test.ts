import { expect, it, test } from 'vitest';
import { messages, proposals } from '../networks.ts';

const DUAL = 'subnets: [192.168.50.0/24, "fd00:50::/64"]';

it.each(['[192.168.50.254]', '["fd00:50::ffff:ffff:ffff:ffff"]', '["fd00:50::1", 192.168.50.1]', '[]'])(
  '%s is fine',
  (addresses) => {
    expect(messages(`{${DUAL}, gatewayAddresses: ${addresses}}`)).toEqual([]);
  },
);

it.each([
  ['[gateway]', '`spec.gatewayAddresses[0]` must be an IP address, such as "192.168.50.1", not "gateway"'],
  ['[192.168.50.01]', '`spec.gatewayAddresses[0]` must be an IP address, such as "192.168.50.1", not "192.168.50.01"'],
  [
    '[192.168.51.1]',
    '`spec.gatewayAddresses[0]` must be an address inside "192.168.50.0/24" or "fd00:50::/64", not "192.168.51.1"',
  ],
  [
    '[192.168.50.1, 192.168.50.2]',
    '`spec.gatewayAddresses[1]` must be removed or lie in another subnet than `spec.gatewayAddresses[0]`, not "192.168.50.2": 192.168.50.0/24 can have one gateway address',
  ],
  [
    '[192.168.50.0]',
    '`spec.gatewayAddresses[0]` must be a host address, such as "192.168.50.1", not "192.168.50.0": this is the network address of the subnet',
  ],
  [
    '[192.168.50.255]',
    '`spec.gatewayAddresses[0]` must be a host address, such as "192.168.50.1", not "192.168.50.255": this is the broadcast address of the subnet',
  ],
  [
    '["fd00:50::"]',
    '`spec.gatewayAddresses[0]` must be a host address, such as "fd00:50::1", not "fd00:50::": this is the subnet-router anycast address of the subnet',
  ],
])('%s is not', (addresses, message) => {
  expect(messages(`{${DUAL}, gatewayAddresses: ${addresses}}`)).toEqual([message]);
});

test('the first host address is proposed', () => {
  expect(proposals('gatewayAddresses: [192.168.50.255]')).toEqual({ 'spec.gatewayAddresses[0]': '192.168.50.1' });
});

test('nothing is said of addresses in a subnet that cannot be read', () => {
  expect(messages('{subnets: [192.168.50.1/24], gatewayAddresses: [192.168.50.9]}')).toHaveLength(1);
});
