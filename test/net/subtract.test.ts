import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Address } from '../../fn/net/address.ts';
import { containsAddress, formatCidr, lastOf, overlaps, parseCidr, type Cidr } from '../../fn/net/cidr.ts';
import { subtract } from '../../fn/net/subtract.ts';
import { anyCidr } from './arbitrary.ts';

function cidrs(...texts: readonly string[]): readonly Cidr[] {
  return texts.flatMap((text) => parseCidr(text) ?? []);
}

const few = fc.array(anyCidr('IPv4', 8), { maxLength: 6 });

/** The first address of every /8: all that can tell networks of at most eight bits apart. */
const probes: readonly Address[] = Array.from({ length: 256 }, (_, n) => ({ family: 'IPv4', value: BigInt(n) << 24n }));

describe('subtracting networks', () => {
  it.each([
    ['nothing', ['10.0.0.0/8'], [], ['10.0.0.0/8']],
    ['everything', ['10.0.0.0/8'], ['0.0.0.0/0'], []],
    ['an inner network', ['10.0.0.0/8'], ['10.64.0.0/10'], ['10.0.0.0/10', '10.128.0.0/9']],
    ['one of another family', ['10.0.0.0/8'], ['::/0'], ['10.0.0.0/8']],
    ['both halves', ['10.0.0.0/8'], ['10.0.0.0/9', '10.128.0.0/9'], []],
    ['one that is larger', ['10.0.0.0/8', '11.0.0.0/8'], ['10.0.0.0/7'], []],
    ['nothing from neighbours, joins them', ['10.128.0.0/9', '10.0.0.0/9'], [], ['10.0.0.0/8']],
    ['from both families, IPv4 comes first', ['::/0', '0.0.0.0/0'], ['8000::/1'], ['0.0.0.0/0', '::/1']],
    ['a single address', ['10.0.0.0/30'], ['10.0.0.1/32'], ['10.0.0.0/32', '10.0.0.2/31']],
  ])('%s', (_, from, holes, expected) => {
    expect(subtract(cidrs(...from), cidrs(...holes)).map(formatCidr)).toEqual(expected);
  });

  test('the private and special ranges from everything leaves 51 routes', () => {
    const special = cidrs(
      '10.0.0.0/8',
      '172.16.0.0/12',
      '192.168.0.0/16',
      '100.64.0.0/10',
      '169.254.0.0/16',
      '127.0.0.0/8',
      '0.0.0.0/8',
      '224.0.0.0/3',
    );
    expect(special).toHaveLength(8);
    expect(subtract(cidrs('0.0.0.0/0'), special)).toHaveLength(51);
  });

  test('leaves an address exactly where it was in the first and not in the second', () => {
    fc.assert(
      fc.property(few, few, (from, holes) => {
        const rest = subtract(from, holes);
        const isIn = (networks: readonly Cidr[], address: Address) =>
          networks.some((network) => containsAddress(network, address));
        for (const probe of probes) expect(isIn(rest, probe)).toBe(isIn(from, probe) && !isIn(holes, probe));
      }),
    );
  });

  test('gives disjoint networks in ascending order that no larger network could join', () => {
    fc.assert(
      fc.property(few, few, (from, holes) => {
        const rest = subtract(from, holes);
        rest.slice(1).forEach((network, index) => {
          const previous = rest[index] as Cidr;
          expect(overlaps(previous, network)).toBe(false);
          expect(lastOf(previous)).toBeLessThan(network.base);
          const couldJoin =
            previous.length === network.length && (previous.base ^ network.base) === 1n << BigInt(32 - network.length);
          expect(couldJoin).toBe(false);
        });
      }),
    );
  });
});
