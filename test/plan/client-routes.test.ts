import { describe, expect, test } from 'vitest';
import { type Address, formatAddress, parseAddress } from '../../fn/net/address.ts';
import { cidrOf, containsAddress, containsCidr, formatCidr, overlaps } from '../../fn/net/cidr.ts';
import type { Route } from '../../fn/plan/network-plan.ts';
import { planOf } from './network.ts';

/** The most specific route to an address, as the kernel finds it; the primary network's default where there is none. */
function routeTo(routes: readonly Route[], text: string): string {
  const address = parseAddress(text) as Address;
  const [best] = routes
    .filter(({ destination }) => containsAddress(destination, address))
    .toSorted((a, b) => b.destination.length - a.destination.length);
  if (best === undefined) return 'primary';
  return best.type === 'Gateway' ? formatAddress(best.gateway) : 'nowhere';
}

describe('an IPv4 network', () => {
  const routes = planOf('{subnets: [192.168.50.0/24]}').clientRoutes;

  test('has 46 routes by the gateway and eight that block IPv6', () => {
    expect(routes.filter((route) => route.type === 'Gateway')).toHaveLength(46);
    expect(routes.filter((route) => route.type === 'OnLink').map((route) => formatCidr(route.destination))).toEqual([
      '::/1',
      '8000::/2',
      'c000::/3',
      'e000::/4',
      'f000::/5',
      'f800::/6',
      'fe00::/9',
      'fec0::/10',
    ]);
  });

  test.each([
    ['1.1.1.1', '192.168.50.1'],
    ['223.255.255.255', '192.168.50.1'],
    ['172.15.255.255', '192.168.50.1'],
    ['172.32.0.0', '192.168.50.1'],
    ['100.63.255.255', '192.168.50.1'],
    ['10.96.0.10', 'primary'],
    ['172.18.0.11', 'primary'],
    ['192.168.1.1', 'primary'],
    ['192.168.50.77', 'primary'],
    ['100.64.0.1', '192.168.50.1'],
    ['100.127.255.255', '192.168.50.1'],
    ['169.254.169.254', 'primary'],
    ['127.0.0.1', 'primary'],
    ['224.0.0.1', 'primary'],
    ['255.255.255.255', 'primary'],
    ['2606:4700::1111', 'nowhere'],
    ['64:ff9b::101:101', 'nowhere'],
    ['5f00::1', 'nowhere'],
    ['fec0::1', 'nowhere'],
    ['fd00::1', 'primary'],
    ['fe80::1', 'primary'],
    ['ff02::1', 'primary'],
  ])('sends %s to %s', (address, via) => expect(routeTo(routes, address)).toBe(via));

  test('leaves IPv6 alone when told to', () => {
    const bypassing = planOf('{subnets: [192.168.50.0/24], unservedFamily: Bypass}').clientRoutes;
    expect(routeTo(bypassing, '2606:4700::1111')).toBe('primary');
    expect(routeTo(bypassing, '1.1.1.1')).toBe('192.168.50.1');
  });
});

describe('an IPv6 network', () => {
  const routes = planOf('{subnets: ["fd00:50::/64"]}').clientRoutes;

  test('gives each prefix in halves by the gateway over an on-link catch-all', () => {
    const gateway = parseAddress('fd00:50::1');
    expect(routes.filter(({ destination }) => containsCidr(cidrOf('::/1'), destination))).toEqual([
      { type: 'OnLink', destination: cidrOf('::/1') },
      { type: 'Gateway', destination: cidrOf('::/2'), gateway },
      { type: 'Gateway', destination: cidrOf('4000::/2'), gateway },
    ]);
  });

  test('is caught on-link wherever the kernel skips the gateway', () => {
    const skipped = routes.filter((route) => route.type === 'OnLink');
    for (const address of [
      '2606:4700::1111',
      '2001:db8::1',
      '3fff::1',
      '64:ff9b::1',
      '5f00::1',
      'c000::1',
      'fec0::1',
    ]) {
      expect(routeTo(routes, address)).toBe('fd00:50::1');
      expect(routeTo(skipped, address)).toBe('nowhere');
    }
  });

  test('blocks IPv4', () => expect(routeTo(routes, '1.1.1.1')).toBe('nowhere'));
});

describe('with the cluster named', () => {
  const routes = planOf(
    '{subnets: [192.168.50.0/24, "fd00:50::/64"], cluster: {cidrs: [10.244.0.0/16, 10.96.0.0/12, "fd00:10::/32", "2001:db8::/48"]}}',
  ).clientRoutes;

  test.each([
    ['10.244.3.4', 'primary'],
    ['10.96.0.10', 'primary'],
    ['10.1.2.3', '192.168.50.1'],
    ['192.168.1.1', '192.168.50.1'],
    ['192.168.50.9', 'primary'],
    ['127.0.0.1', 'primary'],
    ['169.254.169.254', 'primary'],
    ['fd00:10::1', 'primary'],
    ['fd00:50::9', 'primary'],
    ['fd00:99::1', 'fd00:50::1'],
    ['2001:db8::1', 'primary'],
    ['2001:db8:1::1', 'fd00:50::1'],
  ])('sends %s to %s', (address, via) => expect(routeTo(routes, address)).toBe(via));

  test('names of one family leave the other at its default', () => {
    const named = planOf('{subnets: [192.168.50.0/24], cluster: {cidrs: ["fd00:10::/32"]}}').clientRoutes;
    expect(routeTo(named, '10.1.2.3')).toBe('primary');
  });

  test('an address beside a single address of the cluster is reached by nobody, and leaks nowhere', () => {
    const single = planOf('{subnets: ["fd00:50::/64"], cluster: {cidrs: ["2001:db8::1/128"]}}').clientRoutes;
    expect(routeTo(single, '2001:db8::1')).toBe('primary');
    expect(routeTo(single, '2001:db8::')).toBe('nowhere');
    expect(routeTo(single, '2001:db8::2')).toBe('fd00:50::1');
  });

  test('no route overlaps the network itself', () => {
    const own = cidrOf('192.168.50.0/24');
    for (const { destination } of routes) expect(overlaps(destination, own)).toBe(false);
  });
});
