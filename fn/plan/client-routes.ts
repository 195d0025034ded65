import type { Network } from '../api/network.ts';
import { type Address, ADDRESS_BITS, FAMILIES, type Family } from '../net/address.ts';
import { type Cidr, cidrOf, halves } from '../net/cidr.ts';
import { PRIVATE, ROUTABLE, UNROUTED } from '../net/special-ranges.ts';
import { subtract } from '../net/subtract.ts';
import type { Route } from './network-plan.ts';

/** What may be outside the cluster. Of IPv6 that is not only global unicast: routers forward any other address, too. */
const UNIVERSE = ['0.0.0.0/0', '::/0'].map(cidrOf);
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

/** What none of the routes leads to, besides what no router forwards: as few prefixes as possible, IPv4 first. */
export function unroutedCidrs(routes: readonly Route[]): readonly Cidr[] {
  const routed = routes.map(({ destination }) => destination);
  return subtract(ROUTABLE, routed);
}

/**
 * What stays on the primary network, of one family: the networks that the user names, or all
 * private ranges. As few prefixes as
 * possible, in ascending order, of which none overlap.
 */
export function clusterCidrs(family: Family, named: readonly Cidr[]): readonly Cidr[] {
  return subtract(inCluster(family, named), []);
}

/** The private ranges that stay because the user names no network of their family; of families with a subnet. */
export function keptByDefault({ subnets, clusterCidrs: named }: Network): readonly Cidr[] {
  return subnets.flatMap(({ cidr: { family } }) => (isNamed(family, named) ? [] : privateRanges(family)));
}

function inCluster(family: Family, named: readonly Cidr[]): readonly Cidr[] {
  const kept = isNamed(family, named) ? named : privateRanges(family);
  return [...NEVER_OUTSIDE, ...kept].filter((one) => one.family === family);
}

function isNamed(family: Family, named: readonly Cidr[]): boolean {
  return named.some((one) => one.family === family);
}

function privateRanges(family: Family): readonly Cidr[] {
  return PRIVATE.map(({ cidr }) => cidr).filter((one) => one.family === family);
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
