import { ADDRESS_BITS, formatAddress, parseAddress, type Family } from './address.ts';
import { firstOf, lastOf, parseCidr, type Cidr } from './cidr.ts';

/** A run of addresses, both ends included. */
export interface Range {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** Reads `address`, `first-last` without spaces and in ascending order, or a CIDR block whose host bits are zero. */
export function parseRange(text: string): Range | undefined {
  if (text.includes('/')) {
    const cidr = parseCidr(text);
    return cidr && { family: cidr.family, first: firstOf(cidr), last: lastOf(cidr) };
  }
  const ends = text.split('-');
  const first = parseAddress(ends[0] ?? '');
  const last = parseAddress(ends.at(-1) ?? '');
  if (ends.length > 2 || first === undefined || last === undefined) return undefined;
  if (first.family !== last.family || first.value > last.value) return undefined;
  return { family: first.family, first: first.value, last: last.value };
}

/** The canonical texts of the first address and the last. */
export function formatEnds({ family, first, last }: Range): readonly [string, string] {
  return [formatAddress({ family, value: first }), formatAddress({ family, value: last })];
}

/** The fewest networks that hold exactly the addresses of a range, in ascending order. */
export function coverRange(range: Range): readonly Cidr[] {
  const bits = ADDRESS_BITS[range.family];
  const cover: Cidr[] = [];
  let next = range.first;
  while (next <= range.last) {
    let free = 0;
    while (free < bits && isAligned(next, free + 1) && next + (1n << BigInt(free + 1)) - 1n <= range.last) free += 1;
    cover.push({ family: range.family, base: next, length: bits - free });
    next += 1n << BigInt(free);
  }
  return cover;
}

function isAligned(value: bigint, bits: number): boolean {
  return (value & ((1n << BigInt(bits)) - 1n)) === 0n;
}
