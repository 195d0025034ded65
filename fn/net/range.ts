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
    return cidr && rangeOf(cidr);
  }
  const ends = text.split('-');
  const first = parseAddress(ends[0] ?? '');
  const last = parseAddress(ends.at(-1) ?? '');
  if (ends.length > 2 || first === undefined || last === undefined) return undefined;
  if (first.family !== last.family || first.value > last.value) return undefined;
  return { family: first.family, first: first.value, last: last.value };
}

/** The addresses of a network. */
export function rangeOf(cidr: Cidr): Range {
  return { family: cidr.family, first: firstOf(cidr), last: lastOf(cidr) };
}

/** What is left of a range without others, in ascending order. Those of another family take nothing from it. */
export function without(whole: Range, taken: readonly Range[]): readonly Range[] {
  const { family, last: end } = whole;
  const near = taken.filter((range) => range.family === family && range.first <= end);
  const rest: Range[] = [];
  let next = whole.first;
  for (const { first, last } of near.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    if (first > next) rest.push({ family, first: next, last: first - 1n });
    if (last >= next) next = last + 1n;
  }
  if (next <= end) rest.push({ family, first: next, last: end });
  return rest;
}

/** The canonical texts of the first address and the last. */
export function formatEnds({ family, first, last }: Range): readonly [string, string] {
  return [formatAddress({ family, value: first }), formatAddress({ family, value: last })];
}

/** The fewest networks that hold exactly the addresses of a range, in ascending order. */
export function coverRange(range: Range): readonly Cidr[] {
  const { family, first, last } = range;
  const cover: Cidr[] = [];
  for (let next = first; next <= last;) {
    // As many as the base is aligned to, and as still belong to the range.
    const aligned = next === 0n ? ADDRESS_BITS[family] : log2(next & -next);
    const hostBits = Math.min(aligned, log2(last - next + 1n));
    cover.push({ family, base: next, length: ADDRESS_BITS[family] - hostBits });
    next += 1n << BigInt(hostBits);
  }
  return cover;
}

/** Rounded down. QuickJS 2025.04.26 writes a zero before the digits of 2n ** 63n, and of others that fill its words. */
function log2(value: bigint): number {
  return value.toString(2).replace(/^0+/, '').length - 1;
}
