import { ADDRESS_BITS, byFamily, formatAddress, type Address, type Family } from './address.ts';
import { type InterfaceAddress, parseInterfaceAddress } from './interface-address.ts';

/** A network: all addresses that share their first `length` bits. */
export interface Cidr {
  readonly family: Family;
  /** The first address; its host bits are zero. */
  readonly base: bigint;
  /** The prefix length in bits. */
  readonly length: number;
}

/** Reads `address/length` whose host bits are zero. IPv4-mapped IPv6 (`::ffff:0:0/96`) is not a network here. */
export function parseCidr(text: string): Cidr | undefined {
  const address = parseInterfaceAddress(text);
  const network = address && networkOf(address);
  return network?.base === address?.value ? network : undefined;
}

/**
 * A network that the program itself names.
 *
 * @throws RangeError where the text is none
 */
export function cidrOf(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new RangeError(`${text} is not a network`);
  return parsed;
}

/** Reads `address/length` and clears its host bits, so that an error can propose the network that was meant. */
export function parseLooseCidr(text: string): Cidr | undefined {
  const address = parseInterfaceAddress(text);
  return address && networkOf(address);
}

/** The network that an interface with this address is on. */
export function networkOf({ family, value, length }: InterfaceAddress): Cidr {
  const hostBits = BigInt(ADDRESS_BITS[family] - length);
  return { family, base: (value >> hostBits) << hostBits, length };
}

/** The canonical text of a network, such as `fd00:50::/64`. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress({ family: cidr.family, value: cidr.base })}/${cidr.length}`;
}

/** The first address of a network. */
export function firstOf(cidr: Cidr): bigint {
  return cidr.base;
}

/** The last address of a network. */
export function lastOf(cidr: Cidr): bigint {
  return cidr.base + (1n << BigInt(ADDRESS_BITS[cidr.family] - cidr.length)) - 1n;
}

/** Whether an address lies in a network; never across families. */
export function containsAddress(cidr: Cidr, address: Address): boolean {
  return cidr.family === address.family && cidr.base <= address.value && address.value <= lastOf(cidr);
}

/** Whether every address of `inner` lies in `outer`. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return outer.length <= inner.length && overlaps(outer, inner);
}

/** Whether two networks share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  if (a.family !== b.family) return false;
  const hostBits = BigInt(ADDRESS_BITS[a.family] - Math.min(a.length, b.length));
  return (a.base ^ b.base) >> hostBits === 0n;
}

/** Whether any two of some networks share an address: then two do that are neighbours by their first address. */
export function anyOverlap(cidrs: readonly Cidr[]): boolean {
  const sorted = cidrs.toSorted(
    (a, b) => byFamily(a, b) || (a.base < b.base ? -1 : a.base > b.base ? 1 : a.length - b.length),
  );
  return sorted.some((cidr, index) => index > 0 && overlaps(cidr, sorted[index - 1] as Cidr));
}

/**
 * The lower and the upper half of a network.
 *
 * @throws RangeError where the network is a single address
 */
export function halves(cidr: Cidr): readonly [Cidr, Cidr] {
  const length = cidr.length + 1;
  if (length > ADDRESS_BITS[cidr.family]) throw new RangeError(`${formatCidr(cidr)} has no halves`);
  const half = 1n << BigInt(ADDRESS_BITS[cidr.family] - length);
  return [
    { ...cidr, length },
    { ...cidr, base: cidr.base + half, length },
  ];
}
