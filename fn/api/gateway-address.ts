import { type Address, parseAddress } from '../net/address.ts';
import { type Cidr, containsAddress, firstOf } from '../net/cidr.ts';

/** The gateway's address in a subnet: the one of `spec.gatewayAddresses` that lies there, by default the first. */
export function gatewayAddress(subnet: Cidr, given: readonly string[] = []): Address {
  const inside = given.map(parseAddress).find((address) => address && containsAddress(subnet, address));
  return inside ?? { family: subnet.family, value: firstOf(subnet) + 1n };
}
