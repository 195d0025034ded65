import { ADDRESS_BITS, type Family } from '../net/address.ts';
import { type Cidr, formatCidr, halves, parseCidr, subtract } from '../net/cidr.ts';
import type { Route, SubnetPlan } from './network-plan.ts';

/** Never outside the cluster: this network, loopback, link-local, multicast and reserved addresses (RFC 6890). */
const NEVER_OUTSIDE = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];
/** Kept on the primary network unless the cluster's own networks are named: private and shared addresses (RFC 1918, RFC 6598). */
const PRIVATE_IPV4 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];
/** Global unicast (RFC 4291) and the NAT64 prefixes by which IPv6 reaches the IPv4 internet (RFC 6052, RFC 8215). */
const OUTSIDE_IPV6 = ['2000::/3', '64:ff9b::/32'];
/** Link-local and multicast (RFC 4291). */
const NEVER_OUTSIDE_IPV6 = ['fe80::/10', 'ff00::/8'];
/** Unique local addresses (RFC 4193). */
const PRIVATE_IPV6 = ['fc00::/7'];

/**
 * The routes that send a client's outside traffic to the gateway: everything outside the cluster as prefixes more specific than
 * any default route, so that the primary network's default is never a rival of equal rank. (Two defaults of one metric fail over
 * to each other in IPv4 and share the load in IPv6: both leak.)
 *
 * IPv6 skips a route whose gateway's neighbour entry has failed and falls back to a shorter prefix, so each prefix is given
 * twice: in halves by the gateway, and whole as an on-link route beneath them, which is never skipped. A family without a subnet
 * has on-link routes only: it fails closed.
 */
export function clientRoutes(
  subnets: readonly SubnetPlan[],
  namedCidrs: readonly string[],
  unservedFamily: 'Block' | 'Bypass',
): readonly Route[] {
  return (['IPv4', 'IPv6'] as const).flatMap((family) => {
    const gateway = subnets.find((subnet) => subnet.family === family)?.gateway;
    if (gateway === undefined && unservedFamily === 'Bypass') return [];
    const prefixes = outside(family, namedCidrs, subnets);
    if (gateway === undefined) return prefixes.map(onLink);
    if (family === 'IPv4') return prefixes.map((prefix) => by(gateway, prefix));
    return prefixes.flatMap((prefix) => [onLink(prefix), ...byHalves(gateway, prefix)]);
  });
}

/**
 * What stays on the primary network, of one family: the networks that the user names, or all private ranges. As few prefixes as
 * possible, in ascending order, of which none overlap.
 */
export function clusterCidrs(family: Family, named: readonly string[]): readonly string[] {
  return subtract(inCluster(family, named), []).map(formatCidr);
}

function inCluster(family: Family, named: readonly string[]): readonly Cidr[] {
  const own = named.filter((text) => parseCidr(text)?.family === family);
  if (family === 'IPv4') return cidrs([...NEVER_OUTSIDE, ...(own.length > 0 ? own : PRIVATE_IPV4)]);
  return cidrs([...NEVER_OUTSIDE_IPV6, ...(own.length > 0 ? own : PRIVATE_IPV6)]);
}

/** Everything of a family that is outside the cluster and outside the network itself, as few prefixes as possible. */
function outside(family: Family, named: readonly string[], subnets: readonly SubnetPlan[]): readonly Cidr[] {
  const universe = family === 'IPv4' ? ['0.0.0.0/0'] : [...OUTSIDE_IPV6, ...PRIVATE_IPV6];
  const own = subnets.filter((subnet) => subnet.family === family).map((subnet) => subnet.cidr);
  return subtract(cidrs(universe), [...inCluster(family, named), ...cidrs(own)]);
}

function cidrs(texts: readonly string[]): readonly Cidr[] {
  return texts.map(parseCidr).filter((cidr) => cidr !== undefined);
}

function onLink(prefix: Cidr): Route {
  return { type: 'OnLink', destination: formatCidr(prefix) };
}

/** A single address has no halves: it stays on-link, where nothing answers. */
function byHalves(gateway: string, prefix: Cidr): readonly Route[] {
  return prefix.length === ADDRESS_BITS.IPv6 ? [] : halves(prefix).map((half) => by(gateway, half));
}

function by(gateway: string, prefix: Cidr): Route {
  return { type: 'Gateway', destination: formatCidr(prefix), gateway };
}
