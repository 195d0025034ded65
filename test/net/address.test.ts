import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { formatAddress, parseAddress } from '../../fn/net/address.ts';
import { anyAddress } from './arbitrary.ts';

describe('an address', () => {
  it.each([
    ['0.0.0.0', 'IPv4', 0n],
    ['192.168.50.1', 'IPv4', 0xc0a83201n],
    ['255.255.255.255', 'IPv4', 0xffffffffn],
    ['::', 'IPv6', 0n],
    ['::1', 'IPv6', 1n],
    ['1::', 'IPv6', 1n << 112n],
    ['fd00:50::1', 'IPv6', (0xfd00n << 112n) | (0x50n << 96n) | 1n],
    ['FD00:0050:0:0:0:0:0:1', 'IPv6', (0xfd00n << 112n) | (0x50n << 96n) | 1n],
    ['64:ff9b::192.0.2.33', 'IPv6', (0x64n << 112n) | (0xff9bn << 96n) | 0xc0000221n],
    ['1:2:3:4:5:6:7::', 'IPv6', 0x00010002000300040005000600070000n],
  ] as const)('%s is read', (text, family, value) => {
    expect(parseAddress(text)).toEqual({ family, value });
  });

  it.each([
    ['010.0.0.1', 'octal'],
    ['0x0a.0.0.1', 'hexadecimal'],
    ['10.1', 'short'],
    ['167772161', 'a number'],
    ['256.0.0.1', 'too large an octet'],
    ['10.0.0.1.', 'a trailing dot'],
    [' 10.0.0.1', 'a space'],
    ['fe80::1%eth0', 'a zone id'],
    ['1::2::3', 'two gaps'],
    ['1:2:3:4:5:6:7:8::', 'a gap for nothing'],
    ['1:2:3:4:5:6:7', 'seven groups'],
    ['1:2:3:4:5:6:7:8:9', 'nine groups'],
    ['12345::', 'too large a group'],
    [':1:2:3:4:5:6:7', 'a single colon in front'],
    [':::', 'three colons'],
    ['1.2.3.4::', 'dotted IPv4 in front'],
    ['::1.2.3', 'short dotted IPv4'],
    ['[::1]', 'brackets'],
    ['', 'nothing'],
  ])('%s is none: %s', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('the text of an address', () => {
  it.each([
    ['2001:DB8::0001', '2001:db8::1', 'drops zeros and capitals (RFC 5952 section 4.1, 4.3)'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', 'keeps a single zero group (4.2.2)'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1', 'shortens the longest run (4.2.3)'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1', 'shortens the first of equal runs (4.2.3)'],
    ['10:0:0:0:0:0:0:0', '10::', 'does not take the zero of 10 for a group'],
    ['0:0:0:0:0:0:0:0', '::', 'shortens everything'],
  ])('%s becomes %s: %s', (text, expected) => {
    const address = parseAddress(text);
    expect(address && formatAddress(address)).toBe(expected);
  });

  test('reads back as the same address', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });
});
