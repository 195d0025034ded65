import { type Address, formatAddress, parseAddress } from '../net/address.ts';
import { type Cidr, containsAddress, firstOf, lastOf } from '../net/cidr.ts';
import { fault, type Fault } from './fault.ts';
import { anyOf } from './quote.ts';
import type { Subnet } from './subnet.ts';

/** An address that a host can have in one of the subnets, or what is wrong with it. */
export type HostAddress =
  | { readonly address: Address; readonly subnet: Subnet; readonly fault: undefined }
  | { readonly fault: Fault };

/** Reads a host address of a subnet; `usable` gives an address to propose instead of one that no host can have. */
export function readHostAddress(
  path: string,
  text: string,
  subnets: readonly Subnet[],
  usable: (cidr: Cidr) => bigint,
): HostAddress {
  const address = parseAddress(text);
  if (address === undefined) {
    return { fault: fault('InvalidAddress', path, text, 'be an IP address, such as "192.168.50.1"') };
  }
  const subnet = subnets.find(({ cidr }) => containsAddress(cidr, address));
  if (subnet === undefined) {
    const requirement = `be an address inside ${anyOf(subnets.map((one) => one.text))}`;
    return { fault: fault('InvalidAddress', path, text, requirement) };
  }
  const problem = unusable(path, text, address, subnet.cidr, usable(subnet.cidr));
  return problem === undefined ? { address, subnet, fault: undefined } : { fault: problem };
}

/**
 * The first address identifies the subnet, in IPv6 any of its routers (RFC 4291 section 2.6.1); the
 * last one of IPv4 is for broadcasts.
 */
function unusable(
  path: string,
  text: string,
  { family, value }: Address,
  cidr: Cidr,
  usable: bigint,
): Fault | undefined {
  const isFirst = value === firstOf(cidr);
  if (!isFirst && !(family === 'IPv4' && value === lastOf(cidr))) return undefined;
  const what = isFirst ? (family === 'IPv4' ? 'the network' : 'the subnet-router anycast') : 'the broadcast';
  const proposed = formatAddress({ family, value: usable });
  return fault('InvalidAddress', path, text, `be a host address, such as "${proposed}"`, {
    because: `this is ${what} address of the subnet`,
    proposed,
  });
}
