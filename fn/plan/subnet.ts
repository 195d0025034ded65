import type { GatewaySubnet } from '../api/network.ts';
import { firstOf, lastOf } from '../net/cidr.ts';
import { coverRange, type Range } from '../net/range.ts';
import { routerBlock } from '../net/router-block.ts';
import type { SubnetPlan } from './network-plan.ts';

/** The client pool of a subnet. */
export function planSubnet({ cidr, gateway }: GatewaySubnet, reserved: readonly Range[]): SubnetPlan {
  const { family } = cidr;
  const taken = [routerBlock(cidr), { family, first: gateway.value, last: gateway.value }, ...reserved];
  // The last IPv4 address of a subnet is its broadcast address.
  const last = family === 'IPv4' ? lastOf(cidr) - 1n : lastOf(cidr);
  const whole = { family, first: firstOf(cidr), last };
  const pool = without(
    whole,
    taken.filter((range) => range.family === family),
  );
  const poolSpan = pool.reduce((span, range) => ({ ...span, last: range.last }));
  return { family, cidr, gateway, pool, poolSpan, poolGaps: without(poolSpan, pool).flatMap(coverRange) };
}

function without(whole: Range, taken: readonly Range[]): readonly Range[] {
  const rest: Range[] = [];
  let next = whole.first;
  for (const { first, last } of taken.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    if (first > next) rest.push({ ...whole, first: next, last: first - 1n });
    if (last >= next) next = last + 1n;
  }
  if (next <= whole.last) rest.push({ ...whole, first: next });
  return rest;
}
