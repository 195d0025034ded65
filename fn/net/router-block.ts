import type { Address } from './address.ts';
import { type Cidr, firstOf, lastOf } from './cidr.ts';
import type { Range } from './range.ts';

/**
 * How many addresses at the start of a subnet are kept for routers, so that adding one never meets
 * an address in use.
 */
const SIZE = 16n;

/** The first 16 addresses of a subnet, the network's own included, or a quarter of it where that is less. */
export function routerBlock(cidr: Cidr): Range {
  const quarter = (lastOf(cidr) - firstOf(cidr) + 1n) / 4n;
  return { family: cidr.family, first: firstOf(cidr), last: firstOf(cidr) + (quarter < SIZE ? quarter : SIZE) - 1n };
}

/**
 * The own address of one of several routers: by its index among the addresses of the block,
 * without the first, which names the
 * subnet, and the gateway's. It lies behind the block where that is too small.
 */
export function routerAddress(cidr: Cidr, gateway: Address, index: number): Address {
  const { family, first } = routerBlock(cidr);
  const value = first + 1n + BigInt(index);
  return { family, value: first < gateway.value && gateway.value <= value ? value + 1n : value };
}
