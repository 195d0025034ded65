import { formatAddress, parseAddress } from '../net/address.ts';
import { containsAddress, firstOf, formatCidr, lastOf, parseCidr } from '../net/cidr.ts';
import { coverRange, parseRange, type Range } from '../net/range.ts';
import { routerBlock } from '../net/router-block.ts';
import type { SubnetPlan } from './network-plan.ts';

/** The gateway and the client pool of a subnet; all arguments are valid (the API's rules have seen them). */
export function planSubnet(text: string, gatewayAddresses: readonly string[], reserved: readonly string[]): SubnetPlan {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`subnet ${text} was not validated`);
  const { family } = cidr;
  const gateway = gatewayAddresses
    .map(parseAddress)
    .find((address) => address !== undefined && containsAddress(cidr, address)) ?? {
    family,
    value: firstOf(cidr) + 1n,
  };
  const taken = [
    routerBlock(cidr),
    { family, first: gateway.value, last: gateway.value },
    ...reserved.map(parseRange).filter((range) => range !== undefined && range.family === family),
  ].filter((range) => range !== undefined);
  // The last IPv4 address of a subnet is its broadcast address.
  const last = family === 'IPv4' ? lastOf(cidr) - 1n : lastOf(cidr);
  const pool = without({ family, first: firstOf(cidr), last }, taken);
  return {
    family,
    cidr: formatCidr(cidr),
    prefixLength: cidr.length,
    gateway: formatAddress(gateway),
    pool: pool.map((range) => ({
      first: formatAddress({ family, value: range.first }),
      last: formatAddress({ family, value: range.last }),
    })),
    poolGaps: gaps(pool).flatMap(coverRange).map(formatCidr),
  };
}

function without(whole: Range, taken: readonly Range[]): readonly Range[] {
  const pool: Range[] = [];
  let next = whole.first;
  for (const { first, last } of taken.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    if (first > next) pool.push({ ...whole, first: next, last: first - 1n });
    if (last >= next) next = last + 1n;
  }
  if (next <= whole.last) pool.push({ ...whole, first: next });
  return pool;
}

function gaps(pool: readonly Range[]): readonly Range[] {
  return pool.slice(1).map((range, index) => ({
    family: range.family,
    first: (pool[index]?.last ?? range.first) + 1n,
    last: range.first - 1n,
  }));
}
