import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { formatCidr, lastOf } from '../../fn/net/cidr.ts';
import { coverRange, parseRange } from '../../fn/net/range.ts';

describe('a range', () => {
  it.each([
    ['10.0.0.5', 0x0a000005n, 0x0a000005n],
    ['10.0.0.5-10.0.0.9', 0x0a000005n, 0x0a000009n],
    ['10.0.0.5-10.0.0.5', 0x0a000005n, 0x0a000005n],
    ['10.0.0.8/29', 0x0a000008n, 0x0a00000fn],
    ['::5-::9', 5n, 9n],
  ])('%s is read', (text, first, last) => {
    expect(parseRange(text)).toMatchObject({ first, last });
  });

  it.each([
    ['10.0.0.9-10.0.0.5', 'descending'],
    ['10.0.0.1-::9', 'of two families'],
    ['10.0.0.1 - 10.0.0.2', 'spaced'],
    ['10.0.0.1-10.0.0.2-10.0.0.3', 'of three ends'],
    ['10.0.0.1-9', 'short'],
    ['10.0.0.9/29', 'a block with host bits'],
    ['10.0.0.0/29-10.0.0.9', 'a block and an address'],
    ['-10.0.0.1', 'without a start'],
    ['', 'empty'],
  ])('%s is none: %s', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });
});

describe('the cover of a range', () => {
  it.each([
    ['10.0.0.5', ['10.0.0.5/32']],
    ['10.0.0.8/29', ['10.0.0.8/29']],
    ['10.0.0.1-10.0.0.6', ['10.0.0.1/32', '10.0.0.2/31', '10.0.0.4/31', '10.0.0.6/32']],
    ['0.0.0.0-255.255.255.255', ['0.0.0.0/0']],
    ['::-::ffff', ['::/112']],
  ])('%s', (text, expected) => {
    const range = parseRange(text);
    expect(range && coverRange(range).map(formatCidr)).toEqual(expected);
  });

  test('is contiguous, exact and no pair of its networks could be one', () => {
    const ends = fc.bigInt({ min: 0n, max: 0xffffffffn });
    fc.assert(
      fc.property(ends, ends, (a, b) => {
        const range = { family: 'IPv4', first: a < b ? a : b, last: a < b ? b : a } as const;
        const cover = coverRange(range);
        let next = range.first;
        cover.forEach((cidr, index) => {
          expect(cidr.base).toBe(next);
          next = lastOf(cidr) + 1n;
          const following = cover[index + 1];
          const size = 1n << BigInt(32 - cidr.length);
          expect(following?.length === cidr.length && cidr.base % (2n * size) === 0n).toBe(false);
        });
        expect(next).toBe(range.last + 1n);
      }),
    );
  });
});
