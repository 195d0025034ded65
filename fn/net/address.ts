import { IPv4, IPv6 } from 'ipaddr.js';

/** An IP family, spelt as the Kubernetes API spells it. */
export type Family = 'IPv4' | 'IPv6';

/** In the order in which everything of both is listed. */
export const FAMILIES = ['IPv4', 'IPv6'] as const satisfies readonly Family[];

/** An IP address as a number. */
export interface Address {
  readonly family: Family;
  /** The address in network byte order, from 0 to 2^32-1 or 2^128-1. */
  readonly value: bigint;
}

/** The length of an address in bits. */
export const ADDRESS_BITS: Readonly<Record<Family, number>> = { IPv4: 32, IPv6: 128 };

/** Whether two addresses are one. */
export function isSame(a: Address | undefined, b: Address): boolean {
  return a?.family === b.family && a.value === b.value;
}

/** For sorting: IPv4 first. */
export function byFamily(a: { readonly family: Family }, b: { readonly family: Family }): number {
  return FAMILIES.indexOf(a.family) - FAMILIES.indexOf(b.family);
}

/** Four decimal octets without leading zeros, alone or at the end of an IPv6 address. */
const DOTTED = /(?:^|:)(?:(?:0|[1-9]\d{0,2})(?:\.|$)){4}$/;

/**
 * Reads an address: four decimal octets without leading zeros, or the IPv6 forms of RFC 4291 section 2.2.
 * Zone ids, and octal, hexadecimal or short IPv4, are not addresses here.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.includes('.') && !DOTTED.test(text)) return undefined;
  if (IPv4.isValidFourPartDecimal(text)) return { family: 'IPv4', value: number(IPv4.parse(text).toByteArray()) };
  if (!text.includes(':') || text.includes('%') || !IPv6.isValid(text)) return undefined;
  return { family: 'IPv6', value: number(IPv6.parse(text).toByteArray()) };
}

/**
 * The canonical text of an address (RFC 5952): lower case, no leading zeros, the first longest run
 * of zero groups as `::`.
 */
export function formatAddress({ family, value }: Address): string {
  if (family === 'IPv4') {
    const bits = Number(value);
    return `${bits >>> 24}.${(bits >>> 16) & 0xff}.${(bits >>> 8) & 0xff}.${bits & 0xff}`;
  }
  const bytes = Array.from({ length: 16 }, (_, index) => Number((value >> BigInt(8 * (15 - index))) & 0xffn));
  return new IPv6(bytes).toRFC5952String();
}

function number(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
