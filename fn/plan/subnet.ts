import type { GatewaySubnet } from '../api/network.ts';
import { firstOf, lastOf } from '../net/cidr.ts';
import { coverRange, type Range, without } from '../net/range.ts';
import { routerBlock } from '../net/router-block.ts';
import type { SubnetPlan } from './network-plan.ts';

/** The client pool of a subnet. */
export function planSubnet({ cidr, gateway }: GatewaySubnet, reserved: readonly Range[]): SubnetPlan {
  const { family } = cidr;
  const taken = [routerBlock(cidr), { family, first: gateway.value, last: gateway.value }, ...reserved];
  // The last IPv4 address of a subnet is its broadcast address.
  const last = family === 'IPv4' ? lastOf(cidr) - 1n : lastOf(cidr);
  const whole = { family, first: firstOf(cidr), last };
  const pool = without(whole, taken);
  const poolSpan = pool.reduce((span, range) => ({ ...span, last: range.last }));
  return { family, cidr, gateway, pool, poolSpan, poolGaps: without(poolSpan, pool).flatMap(coverRange) };
}
