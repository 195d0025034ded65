import { expect, it } from 'vitest';
import { messages } from '../networks.ts';

const spec = (addresses: string, more = '') =>
  `subnets: [192.168.50.0/24], clients: [{names: [a], addresses: [${addresses}]}${more}]`;
const dual = (addresses: string) =>
  `subnets: [192.168.50.0/24, "fd00:50::/64"], ipam: {type: Whereabouts}, clients: [{names: [a], addresses: [${addresses}]}]`;

it.each([
  spec('192.168.50.16'),
  spec('192.168.50.254', ', {names: [b], addresses: [192.168.50.253]}'),
  `${spec('192.168.50.20')}, reserved: [192.168.50.16/28]`,
  dual('"fd00:50::20", 192.168.50.20'),
])('%s is fine', (text) => {
  expect(messages(`{${text}}`)).toEqual([]);
});

const FIRST = '`spec.clients[0].addresses[0]` must';

it.each<readonly [string, string]>([
  [spec('nowhere'), `${FIRST} be an IP address, such as "192.168.50.1", not "nowhere"`],
  [spec('10.0.0.1'), `${FIRST} be an address inside "192.168.50.0/24", not "10.0.0.1"`],
  [
    spec('192.168.50.0'),
    `${FIRST} be a host address, such as "192.168.50.16", not "192.168.50.0": this is the network address of the subnet`,
  ],
  [
    spec('192.168.50.255'),
    `${FIRST} be a host address, such as "192.168.50.16", not "192.168.50.255": this is the broadcast address of the subnet`,
  ],
  [
    spec('192.168.50.1'),
    `${FIRST} be an address that clients may have, not "192.168.50.1": it is the address of the gateway`,
  ],
  [
    `gatewayAddresses: [192.168.50.77], ${spec('192.168.50.77')}`,
    `${FIRST} be an address that clients may have, not "192.168.50.77": it is the address of the gateway`,
  ],
  [
    spec('192.168.50.15'),
    `${FIRST} be an address that clients may have, not "192.168.50.15": the first 16 addresses of 192.168.50.0/24 are kept free for routers`,
  ],
  [
    spec('192.168.50.20, 192.168.50.21'),
    '`spec.clients[0].addresses[1]` must be removed or lie in another subnet than `spec.clients[0].addresses[0]`, not "192.168.50.21": a pod has one address in each',
  ],
  [
    spec('192.168.50.20', ', {names: [b], addresses: [192.168.50.20]}'),
    '`spec.clients[1].addresses[0]` must be another address than `spec.clients[0].addresses[0]`, not "192.168.50.20"',
  ],
  [
    dual('192.168.50.20'),
    '`spec.clients[0].addresses` must have an address in "fd00:50::/64" too, not "["192.168.50.20"]": a pod with a fixed address gets none from the pool',
  ],
  [
    dual('192.168.50.20, "fd00:50::ffff:ffff:ffff:ffff"'),
    '`spec.clients[0].addresses[1]` must be another address, such as "fd00:50::ffff:ffff:ffff:fffe", not "fd00:50::ffff:ffff:ffff:ffff": whereabouts gives no pod the last address of a subnet',
  ],
  [
    'subnets: [192.168.50.0/29], clients: [{names: [a], addresses: [192.168.50.2]}, {names: [b], addresses: [192.168.50.3]}, {names: [c], addresses: [192.168.50.4]}, {names: [d], addresses: [192.168.50.5]}, {names: [e], addresses: [192.168.50.6]}]',
    '`addresses` of `spec.clients` must leave at least one address of "192.168.50.0/29" to clients without fixed ones, besides the gateway, `spec.reserved` and the addresses that are kept free for routers',
  ],
])('%s is not', (text, message) => {
  expect(messages(`{${text}}`)).toEqual([message]);
});
