import { expect, test } from 'vitest';
import { validate } from '../../../fn/api/validate.ts';
import { messages, networks } from '../networks.ts';

const vpn = (vni: number, secret: string) =>
  `{overlay: {vni: ${vni}}, gateway: {egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: ${secret}}}}}}`;

test('a Secret belongs to one network', () => {
  expect(messages(vpn(7, 'a'), vpn(8, 'b'))).toEqual([]);
  expect(messages(vpn(7, 'a'), vpn(8, 'a'), vpn(9, 'a'))).toEqual(
    Array.from({ length: 2 }).fill(
      '`spec.gateway.egress.vpn.wireGuard.secretName` is "a" and must name a Secret that no other network has: GatewayNetwork "egress/one" in "one.yaml" has it too, and two tunnels with one key steal packets from each other',
    ),
  );
});

test('a Secret of that name in another namespace is another one', () => {
  const [first, second] = networks(vpn(7, 'a'), vpn(8, 'a'));
  const moved = { ...(second?.value as object), metadata: { name: 'two', namespace: 'other' } };
  expect(validate([first!, { value: moved, file: undefined }]).problems).toEqual([]);
});
