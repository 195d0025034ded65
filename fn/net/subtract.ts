import { FAMILIES } from './address.ts';
import type { Cidr } from './cidr.ts';
import { coverRange, rangeOf, without } from './range.ts';

/** What is left of `from` without `holes`, as the fewest networks there can be: IPv4 first, sorted by base. */
export function subtract(from: readonly Cidr[], holes: readonly Cidr[]): readonly Cidr[] {
  return FAMILIES.flatMap((family) => {
    const all = rangeOf({ family, base: 0n, length: 0 });
    const others = without(all, from.map(rangeOf));
    return without(all, [...others, ...holes.map(rangeOf)]).flatMap(coverRange);
  });
}
