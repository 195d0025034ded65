import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  containsAddress,
  containsCidr,
  firstOf,
  formatCidr,
  halves,
  lastOf,
  overlaps,
  parseCidr,
  parseLooseCidr,
  type Cidr,
} from '../../fn/net/cidr.ts';
import { formatAddress, parseAddress } from '../../fn/net/address.ts';
import { anyCidr } from './arbitrary.ts';

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} is no CIDR`);
  return parsed;
}

describe('a network', () => {
  it.each(['0.0.0.0/0', '192.168.50.0/24', '10.0.0.1/32', '::/0', 'fd00:50::/64', '::1/128'])('%s is read', (text) => {
    expect(formatCidr(cidr(text))).toBe(text);
  });

  it.each([
    ['192.168.50.1/24', 'host bits'],
    ['192.168.50.0', 'no length'],
    ['192.168.50.0/', 'an empty length'],
    ['192.168.50.0/024', 'a length with a leading zero'],
    ['192.168.50.0/33', 'too long'],
    ['192.168.50.0/-1', 'a negative length'],
    ['192.168.50.0/255.255.255.0', 'a netmask'],
    ['fd00::/129', 'too long'],
    ['::ffff:10.0.0.0/104', 'IPv4-mapped'],
    ['::ffff:a00:0/104', 'IPv4-mapped, in groups'],
  ])('%s is none: %s', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  test('loosely read, loses its host bits and nothing else', () => {
    expect(parseLooseCidr('192.168.50.77/24')).toEqual(cidr('192.168.50.0/24'));
    expect(parseLooseCidr('fd00:50::1/64')).toEqual(cidr('fd00:50::/64'));
    expect(parseLooseCidr('192.168.50/24')).toBeUndefined();
  });

  test('reads back as the same network', () => {
    fc.assert(
      fc.property(fc.oneof(anyCidr('IPv4', 32), anyCidr('IPv6', 90)), (network) => {
        expect(parseCidr(formatCidr(network))).toEqual(network);
      }),
    );
  });
});

describe('the addresses of a network', () => {
  test('run from the first to the last', () => {
    const network = cidr('192.168.50.0/26');
    expect(formatAddress({ family: 'IPv4', value: firstOf(network) })).toBe('192.168.50.0');
    expect(formatAddress({ family: 'IPv4', value: lastOf(network) })).toBe('192.168.50.63');
    expect(lastOf(cidr('::/0'))).toBe((1n << 128n) - 1n);
  });

  it.each([
    ['192.168.50.0', true],
    ['192.168.50.63', true],
    ['192.168.50.64', false],
    ['192.168.49.255', false],
    ['::c0a8:3201', false],
  ])('in 192.168.50.0/26 hold %s: %s', (text, expected) => {
    const address = parseAddress(text);
    expect(address && containsAddress(cidr('192.168.50.0/26'), address)).toBe(expected);
  });

  test('lie in exactly one of the halves', () => {
    expect(halves(cidr('10.0.0.0/8')).map(formatCidr)).toEqual(['10.0.0.0/9', '10.128.0.0/9']);
    expect(halves(cidr('::/0')).map(formatCidr)).toEqual(['::/1', '8000::/1']);
    expect(() => halves(cidr('fd00::1/128'))).toThrow('fd00::1/128 has no halves');
  });
});

describe('two networks', () => {
  it.each([
    ['10.0.0.0/8', '10.1.0.0/16', true, true],
    ['10.1.0.0/16', '10.0.0.0/8', false, true],
    ['10.0.0.0/8', '10.0.0.0/8', true, true],
    ['10.0.0.0/9', '10.128.0.0/9', false, false],
    ['::/0', '0.0.0.0/0', false, false],
  ])('%s and %s: contains %s, overlaps %s', (a, b, contains, overlap) => {
    expect(containsCidr(cidr(a), cidr(b))).toBe(contains);
    expect(overlaps(cidr(a), cidr(b))).toBe(overlap);
  });
});
