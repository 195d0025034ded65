import { expect, it } from 'vitest';
import { messages, proposals } from '../networks.ts';

it.each([
  'ipam: {type: HostLocal}',
  '{ipam: {type: Whereabouts}, overlay: {vni: 7}}',
  '{ipam: {type: Whereabouts}, subnets: ["fd00::/64"]}',
])('%s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

it.each([
  [
    '{ipam: {type: HostLocal}, overlay: {vni: 7}}',
    '`spec.ipam.type` is "HostLocal" and must be "Whereabouts" when `spec.overlay` is set: each node would assign the same addresses',
  ],
  [
    '{ipam: {type: HostLocal}, subnets: [192.168.50.0/24, "fd00::/64"]}',
    '`spec.ipam.type` is "HostLocal" and must be "Whereabouts" with an IPv6 subnet: host-local gives every IPv6 route a gateway, so outside traffic could bypass ours',
  ],
])('%s is not', (spec, message) => {
  expect(messages(spec)).toEqual([message]);
  expect(proposals(spec)).toEqual({ 'spec.ipam.type': 'Whereabouts' });
});
