import { type Address, byFamily, parseAddress } from '../net/address.ts';
import { type Cidr, parseCidr } from '../net/cidr.ts';

/**
 * A value that rules guarantee: a network without it is refused before it is parsed.
 *
 * @throws Error where no rule has checked it, which is a fault of ours
 */
export function assured<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a network was parsed that the rules have not seen');
  return value;
}

export function addressOf(text: string): Address {
  return assured(parseAddress(text));
}

/** Addresses, IPv4 first. */
export function addressesOf(texts: readonly string[] = []): readonly Address[] {
  return texts.map(addressOf).toSorted(byFamily);
}

export function cidrsOf(texts: readonly string[] = []): readonly Cidr[] {
  return texts.map((text) => assured(parseCidr(text)));
}
