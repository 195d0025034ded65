import { expect, it } from 'vitest';
import { messages } from '../networks.ts';

const FULL =
  '`spec.reserved` must leave at least one address of "192.168.50.0/29" to clients, besides the gateway and the addresses that are kept free for routers';

it.each([
  '{reserved: []}',
  '{reserved: [192.168.50.9]}',
  '{reserved: [192.168.50.20-192.168.50.29, 192.168.50.64/26]}',
  '{reserved: [192.168.50.1]}',
  '{reserved: [192.168.50.0/25, 192.168.50.128-192.168.50.253]}',
  '{subnets: [192.168.50.0/29], reserved: [192.168.50.2-192.168.50.5]}',
  '{subnets: ["fd00::/125"], reserved: ["fd00::2-fd00::6"]}',
])('%s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

it.each([
  [
    '{reserved: [printer]}',
    '`spec.reserved[0]` must be an address, an ascending range such as "192.168.50.20-192.168.50.29", or a CIDR block, not "printer"',
  ],
  [
    '{reserved: [192.168.50.9-192.168.50.2]}',
    '`spec.reserved[0]` must be an address, an ascending range such as "192.168.50.20-192.168.50.29", or a CIDR block, not "192.168.50.9-192.168.50.2"',
  ],
  ['{reserved: [192.168.51.1]}', '`spec.reserved[0]` must lie inside "192.168.50.0/24", not "192.168.51.1"'],
  [
    '{reserved: [192.168.50.250-192.168.51.9]}',
    '`spec.reserved[0]` must lie inside "192.168.50.0/24", not "192.168.50.250-192.168.51.9"',
  ],
  ['{subnets: [192.168.50.0/29], reserved: [192.168.50.0/29]}', FULL],
  ['{subnets: [192.168.50.0/29], reserved: [192.168.50.2-192.168.50.6]}', FULL],
  ['{subnets: [192.168.50.0/29], gatewayAddresses: [192.168.50.6], reserved: [192.168.50.2-192.168.50.5]}', FULL],
])('%s is not', (spec, message) => {
  expect(messages(spec)).toEqual([message]);
});
