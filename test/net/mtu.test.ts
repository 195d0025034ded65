import { expect, test } from 'vitest';
import { VXLAN_OVERHEAD } from '../../fn/net/mtu.ts';

test('VXLAN takes 50 bytes over IPv4 and 70 over IPv6', () => {
  expect(VXLAN_OVERHEAD).toEqual({ IPv4: 50, IPv6: 70 });
});
