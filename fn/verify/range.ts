import { FAMILIES, type Family, formatAddress, parseAddress } from '../net/address.ts';
import { type Cidr, cidrOf, containsAddress, parseCidr } from '../net/cidr.ts';
import type { Subject } from './subject.ts';

/**
 * The addresses that packets of a test are sent to: nobody has them (RFC 5737, RFC 3849), so nobody outside is asked or
 * told anything.
 */
export interface TestRange {
  /** Nothing where clients may send to such addresses by `eth0`, as where the network leaves the family alone. */
  readonly IPv4: Cidr | undefined;
  readonly IPv6: Cidr | undefined;
}

const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'].map(cidrOf);
const DOCUMENTATION_IPv6 = cidrOf('2001:db8::/32');

/** Chooses among them; `number`, below 2^32, tells one test from another. */
export function testRange({ limits, gateways }: Pick<Subject, 'limits' | 'gateways'>, number: number): TestRange {
  // Of a family that agents do not limit, everything may leave by eth0.
  const served = (family: Family) =>
    limits ? limits[family] : gateways.some((text) => parseAddress(text)?.family === family) ? [] : undefined;
  const isHeld = (cidr: Cidr) =>
    served(cidr.family)
      ?.flatMap((text) => parseCidr(text) ?? [])
      .every((one) => !containsAddress(one, { family: cidr.family, value: cidr.base })) === true;
  const own: Cidr = { ...DOCUMENTATION_IPv6, base: DOCUMENTATION_IPv6.base + (BigInt(number) << 64n), length: 64 };
  return { IPv4: DOCUMENTATION.find(isHeld), IPv6: [own].find(isHeld) };
}

/** An address of the range by its number, from 1 to 254. */
export function addressIn(cidr: Cidr, number: number): string {
  return formatAddress({ family: cidr.family, value: cidr.base + BigInt(number) });
}

/** The number of an address in the range; nothing where it is not in it. */
export function numberIn(range: TestRange, text: string): number | undefined {
  const address = parseAddress(text);
  const cidr = FAMILIES.map((family) => range[family]).find((one) => one && address && containsAddress(one, address));
  return cidr && address && Number(address.value - cidr.base);
}

/** The bits that are the same in all addresses of a range, in hexadecimal digits. */
export function prefixOf({ family, base, length }: Cidr): string {
  return base
    .toString(16)
    .padStart(family === 'IPv4' ? 8 : 32, '0')
    .slice(0, length / 4);
}
