import { describe, expect, test } from 'vitest';
import { formatAddress } from '../../fn/net/address.ts';
import { formatCidr } from '../../fn/net/cidr.ts';
import { formatEnds } from '../../fn/net/range.ts';
import { planOf } from './network.ts';

/** The plan of a subnet beside one of the other family. */
function subnetOf(cidr: string, gatewayAddresses: readonly string[], reserved: readonly string[]) {
  const other = cidr.includes(':') ? '192.168.50.0/24' : 'fd00::/64';
  const { subnets } = planOf(JSON.stringify({ subnets: [other, cidr], gatewayAddresses, reserved }));
  return subnets.find((subnet) => formatCidr(subnet.cidr) === cidr) ?? subnets[0];
}

describe('the gateway', () => {
  test.each([
    ['the first address unless given', '192.168.50.0/24', [], '192.168.50.1'],
    ['the address of its own family', '192.168.50.0/24', ['fd00::9', '192.168.50.254'], '192.168.50.254'],
    ['in canonical text', 'fd00:50::/64', ['FD00:0050:0:0::A'], 'fd00:50::a'],
  ])('is %s', (_, cidr, addresses, gateway) => {
    expect(formatAddress(subnetOf(cidr, addresses, []).gateway)).toBe(gateway);
  });
});

describe('the client pool', () => {
  test.each([
    ['leaves the first 16 addresses to routers', '192.168.50.0/24', [], [], ['192.168.50.16-192.168.50.254'], []],
    ['leaves a quarter of a small subnet', '10.0.0.0/29', [], [], ['10.0.0.2-10.0.0.6'], []],
    ['uses the last address of IPv6, which has no broadcast', 'fd00::/120', [], [], ['fd00::10-fd00::ff'], []],
    [
      'goes around a gateway in its midst',
      '192.168.50.0/24',
      ['192.168.50.100'],
      [],
      ['192.168.50.16-192.168.50.99', '192.168.50.101-192.168.50.254'],
      ['192.168.50.100/32'],
    ],
    [
      'goes around what is reserved, in whatever order and overlap',
      '192.168.50.0/24',
      [],
      ['192.168.50.200-192.168.50.254', '192.168.50.32/28', '192.168.50.40', '192.168.50.5'],
      ['192.168.50.16-192.168.50.31', '192.168.50.48-192.168.50.199'],
      ['192.168.50.32/28'],
    ],
    ['ignores what is reserved in the other family', 'fd00::/120', [], ['192.168.50.32/28'], ['fd00::10-fd00::ff'], []],
  ])('%s', (_, cidr, gateways, reserved, pool, gaps) => {
    const subnet = subnetOf(cidr, gateways, reserved);
    expect(subnet.pool.map((range) => formatEnds(range).join('-'))).toEqual(pool);
    expect(subnet.poolGaps.map(formatCidr)).toEqual(gaps);
  });
});
