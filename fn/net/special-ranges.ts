import type { Address } from './address.ts';
import { type Cidr, cidrOf, containsAddress } from './cidr.ts';
import { subtract } from './subtract.ts';

/** What addresses of a range are for, as messages call it. */
export type Purpose = '"this network"' | 'loopback' | 'link-local' | 'multicast' | 'reserved' | 'private' | 'shared';

/** A range whose addresses have a meaning of their own. */
export interface SpecialRange {
  readonly text: string;
  readonly cidr: Cidr;
  readonly purpose: Purpose;
}

const TABLE: readonly (readonly [string, Purpose])[] = [
  ['0.0.0.0/8', '"this network"'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['10.0.0.0/8', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['100.64.0.0/10', 'shared'],
  // Unspecified, too.
  ['::/127', 'loopback'],
  ['fe80::/10', 'link-local'],
  ['ff00::/8', 'multicast'],
  ['fc00::/7', 'private'],
];

/** Special-purpose addresses (RFC 6890) and types of IPv6 addresses (RFC 4291). */
const ALL: readonly SpecialRange[] = TABLE.map(([text, purpose]) => ({ text, cidr: cidrOf(text), purpose }));

/** Ranges that stay within an organisation (RFC 1918, RFC 4193). Shared addresses (RFC 6598) are a provider's. */
export const PRIVATE = ALL.filter(({ purpose }) => purpose === 'private');

/** Ranges in which nobody is reached by way of a router. */
export const UNROUTED = ALL.filter(({ purpose }) => purpose !== 'private' && purpose !== 'shared');
export const MULTICAST = ALL.filter(({ purpose }) => purpose === 'multicast');
export const LINK_LOCAL = ALL.filter(({ purpose }) => purpose === 'link-local');

/** What routers forward, of both families: all that is not {@link UNROUTED}. */
export const ROUTABLE = subtract(
  ['0.0.0.0/0', '::/0'].map(cidrOf),
  UNROUTED.map(({ cidr }) => cidr),
);

export function isIn(ranges: readonly SpecialRange[], address: Address): boolean {
  return ranges.some((range) => containsAddress(range.cidr, address));
}
