import type { Network } from '../api/network.ts';
import { type Address, ADDRESS_BITS, FAMILIES, type Family } from '../net/address.ts';
import { type Cidr, cidrOf, halves, subtract } from '../net/cidr.ts';
import { PRIVATE, UNROUTED } from '../net/special-ranges.ts';
import type { Route } from './network-plan.ts';

/**
 * What may be outside the cluster: all of IPv4, and of IPv6 global unicast (RFC 4291), unique
 * local addresses (RFC 4193) and the NAT64
 * prefixes by which it reaches the IPv4 internet (RFC 6052, RFC 8215).
 */
const UNIVERSE = ['0.0.0.0/0', '2000::/3', 'fc00::/7', '64:ff9b::/32'].map(cidrOf);
/** But for IPv6 loopback, from where no packet comes: rules need not name it. */
const NEVER_OUTSIDE = UNROUTED.map((range) => range.cidr).filter(
  ({ family, base }) => family === 'IPv4' || base !== 0n,
);

/**
 * The routes that send a client's outside traffic to the gateway: everything outside the cluster
 * as prefixes more specific than
 * any default route, so that the primary network's default is never a rival of equal rank. (Two
 * defaults of one metric fail over
 * to each other in IPv4 and share the load in IPv6: both leak.)
 *
 * IPv6 skips a route whose gateway's neighbour entry has failed and falls back to a shorter
 * prefix, so each prefix is given
 * twice: in halves by the gateway, and whole as an on-link route beneath them, which is never
 * skipped. A family without a subnet
 * has on-link routes only: it fails closed.
 */
export function clientRoutes({ subnets, clusterCidrs: named, unservedFamily }: Network): readonly Route[] {
  return FAMILIES.flatMap((family) => {
    const subnet = subnets.find(({ cidr }) => cidr.family === family);
    if (subnet === undefined && unservedFamily === 'Bypass') return [];
    const universe = UNIVERSE.filter((one) => one.family === family);
    const prefixes = subtract(universe, [...inCluster(family, named), ...subnets.map(({ cidr }) => cidr)]);
    if (subnet === undefined) return prefixes.map(onLink);
    const { gateway } = subnet;
    if (family === 'IPv4') return prefixes.map((prefix) => by(gateway, prefix));
    return prefixes.flatMap((prefix) => [onLink(prefix), ...byHalves(gateway, prefix)]);
  });
}

/**
 * What stays on the primary network, of one family: the networks that the user names, or all
 * private ranges. As few prefixes as
 * possible, in ascending order, of which none overlap.
 */
export function clusterCidrs(family: Family, named: readonly Cidr[]): readonly Cidr[] {
  return subtract(inCluster(family, named), []);
}

function inCluster(family: Family, named: readonly Cidr[]): readonly Cidr[] {
  const own = named.filter((one) => one.family === family);
  const kept = own.length > 0 ? own : PRIVATE.map((range) => range.cidr);
  return [...NEVER_OUTSIDE, ...kept].filter((one) => one.family === family);
}

function onLink(destination: Cidr): Route {
  return { type: 'OnLink', destination };
}

/** A single address has no halves: it stays on-link, where nothing answers. */
function byHalves(gateway: Address, prefix: Cidr): readonly Route[] {
  return prefix.length === ADDRESS_BITS.IPv6 ? [] : halves(prefix).map((half) => by(gateway, half));
}

function by(gateway: Address, destination: Cidr): Route {
  return { type: 'Gateway', destination, gateway };
}
