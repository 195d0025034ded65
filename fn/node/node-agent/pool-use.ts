import { type Address, FAMILIES, type Family } from '../../net/address.ts';
import { parseRange } from '../../net/range.ts';

/** The pool of one IP family. */
export interface PoolUse {
  readonly family: Family;
  /** How many addresses it has. */
  readonly size: number;
  /** How many of them are given. */
  readonly used: number;
}

/** How many clients there are, and the pool; nothing of both where they are not told from one another. */
export function clientsOf(
  clients: readonly { readonly addresses: readonly Address[] }[] | undefined,
  pool: readonly (readonly string[])[],
): { readonly clients: number | undefined; readonly pool: readonly PoolUse[] } {
  if (clients === undefined) return { clients: undefined, pool: [] };
  const given = clients.flatMap(({ addresses }) => addresses);
  return { clients: clients.length, pool: poolUse(pool, given) };
}

/**
 * How much of a pool is used.
 *
 * @param pool the first and the last address of each range
 * @param given the addresses of clients, those that are outside the pool included
 */
export function poolUse(pool: readonly (readonly string[])[], given: readonly Address[]): readonly PoolUse[] {
  const ranges = pool.flatMap((ends) => parseRange(ends.join('-')) ?? []);
  return FAMILIES.flatMap((family) => {
    const own = ranges.filter((range) => range.family === family);
    if (own.length === 0) return [];
    const size = own.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
    const used = given.filter(
      (address) =>
        address.family === family && own.some(({ first, last }) => first <= address.value && address.value <= last),
    );
    return [{ family, size: Number(size), used: used.length }];
  });
}
