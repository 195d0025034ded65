import { expect, it, test } from 'vitest';
import { messages, validated } from '../networks.ts';

const PATH = 'spec.gateway.egress.network';

function spec(addresses: string, more = '', attachment = '{name: vlan99}', vni = 7): string {
  const network = `{attachment: ${attachment}, addresses: [${addresses}], gateways: [10.99.0.1]${more}}`;
  return `{overlay: {vni: ${vni}}, gateway: {egress: {type: Network, network: ${network}}}}`;
}

const other = (addresses: string, more?: string, attachment?: string) => spec(addresses, more, attachment, 8);

function said(path: string, text: string): string {
  return `\`${PATH}.${path}\` is "${text}" and must be an address that no other network has: GatewayNetwork "egress/one" in "one.yaml" has it on the same attachment, and two routers would answer for it`;
}

it.each([
  [other('10.99.0.11/24'), [said('addresses[0]', '10.99.0.11/24')]],
  [other('10.99.0.12/24', ', snatAddresses: [10.99.0.11]'), [said('snatAddresses[0]', '10.99.0.11')]],
  [other('10.99.0.21/24'), [said('addresses[0]', '10.99.0.21/24')]],
  [other('10.99.0.12/24', ', snatAddresses: [10.99.0.21]'), [said('snatAddresses[0]', '10.99.0.21')]],
  [other('10.99.0.11/24', '', '{name: vlan99, namespace: egress}'), [said('addresses[0]', '10.99.0.11/24')]],
])('%s has an address of another network', (text, expected) => {
  expect(messages(spec('10.99.0.11/24', ', snatAddresses: [10.99.0.21]'), text)).toEqual(expected);
});

it.each([
  other('10.99.0.12/24', ', snatAddresses: [10.99.0.22]'),
  other('10.99.0.11/24', '', '{name: vlan98}'),
  other('10.99.0.11/24', '', '{name: vlan99, namespace: other}'),
])('%s has none', (text) => {
  expect(messages(spec('10.99.0.11/24', ', snatAddresses: [10.99.0.21]'), text)).toEqual([]);
});

test('an IPv6 address is the same however it is written', () => {
  const dual = (vni: number, address: string, subnet: string) =>
    `{subnets: ["${subnet}"], overlay: {vni: ${vni}}, gateway: {egress: {type: Network, network: {attachment: {name: v}, addresses: ["${address}/64"], gateways: ["fe80::1"]}}}}`;
  const { problems } = validated(dual(7, 'fd00:99::b', 'fd00:1::/64'), dual(8, 'FD00:99:0:0::000B', 'fd00:2::/64'));
  expect(problems.map(({ code, field }) => `${code} ${field?.path}`)).toEqual([`Collision ${PATH}.addresses[0]`]);
});
