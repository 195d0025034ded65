import { FAMILIES, type Family, formatAddress } from '../net/address.ts';
import { CONNECTION_SYNC_PORT, TUNNEL_MARK } from '../node/config/packets.ts';
import type { Tunnel } from '../plan/gateway-plan.ts';
import { OVERLAY_INTERFACE, PRIMARY_INTERFACE } from '../plan/gateway.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { matches } from './firewall-rules.ts';
import { nameRules } from './name-rules.ts';
import { chain, inCluster, IP, set } from './nft.ts';

/** VRRP (RFC 9568, section 5.1.1.4). A number, since images need not have /etc/protocols. */
const VRRP = 112;

/** ICMP that the router accepts: echo requests, and errors about its own packets. */
const ICMP = 'destination-unreachable, time-exceeded, parameter-problem, echo-request';
/** Also neighbour discovery, but no router advertisement and no redirect (RFC 4861). */
const ICMPV6 = `packet-too-big, ${ICMP}, nd-neighbor-solicit, nd-neighbor-advert`;
const ACCEPTED = { IPv4: `icmp type { ${ICMP} }`, IPv6: `icmpv6 type { ${ICMPV6} }` } as const;

/**
 * The rules for packets to the router itself.
 *
 * - Echo requests are not limited: a client could as well flood through the router.
 * - Routers know each other by their addresses, which the rules on the nodes let nobody else send from.
 */
export function inputRules(plan: NetworkPlan): readonly string[] {
  const { subnets, egress, resolver } = plan;
  const overlay = `iifname "${OVERLAY_INTERFACE}"`;
  const resolved = ['udp', 'tcp'].map((protocol) => `${overlay} ${protocol} dport 53 accept comment "the resolver"`);
  return [
    `iifname "${egress.interface}" ct state invalid counter drop comment "invalid-to-router"`,
    ...subnets.flatMap(({ family }) => peerRules(plan, family)),
    ...subnets.map(({ family }) => `${overlay} ${ACCEPTED[family]} accept`),
    ...(resolver.type === 'Gateway' ? resolved : []),
    `${overlay} counter drop comment "to-router"`,
    ...(egress.type === 'ClusterNetwork' ? [] : closed(egress.interface)),
  ];
}

/** A foreign network gets only replies, and only from addresses on it. */
function closed(egress: string): readonly string[] {
  return [
    `iifname "${egress}" fib daddr . iif type != ${set(['local', 'broadcast', 'multicast'])} counter drop comment "to-address-of-other-interface"`,
    `iifname "${egress}" ct state established,related accept`,
    `iifname "${egress}" ${ACCEPTED.IPv4} accept`,
    `iifname "${egress}" ${ACCEPTED.IPv6} accept`,
    `iifname "${egress}" counter drop comment "to-router-on-egress"`,
  ];
}

function peerRules({ routers, failover }: NetworkPlan, family: Family): readonly string[] {
  if (failover.type === 'None') return [];
  const own = routers.flatMap(({ addresses }) => addresses).filter((address) => address.family === family);
  const peers = `iifname "${OVERLAY_INTERFACE}" ${IP[family]} saddr ${set(own.map(formatAddress))}`;
  return [
    `${peers} meta l4proto ${VRRP} accept comment "VRRP of the routers"`,
    ...(failover.synchronised
      ? [`${peers} udp dport ${CONNECTION_SYNC_PORT} accept comment "the routers' connections"`]
      : []),
  ];
}

/** The chains for packets that the router itself sends; none where the egress is the primary network. */
export function outputChains(plan: NetworkPlan): readonly string[] {
  const rules = outputRules(plan);
  if (rules.length === 0) return [];
  return [
    chain('cluster', undefined, [
      ...['udp', 'tcp'].map((protocol) => `${protocol} dport 53 accept comment "the cluster's DNS"`),
      'ct direction reply ct state established,related accept comment "replies to the cluster"',
    ]),
    chain('output', 'filter hook output priority filter; policy drop', rules),
  ];
}

/**
 * The packets that the router itself may send where the egress is not the primary network, whatever its routes are:
 * to clients, to the egress, a tunnel's own packets, queries to the cluster's DNS, and replies to the cluster, for
 * example to probes. So ICMP errors about clients' packets cannot leave elsewhere.
 */
export function outputRules(plan: NetworkPlan): readonly string[] {
  const { egress } = plan;
  if (egress.type === 'ClusterNetwork') return [];
  const primary = `oifname "${PRIMARY_INTERFACE}"`;
  const own = egress.type === 'VPN' ? tunnelMatches(egress.tunnel) : [];
  const cluster = FAMILIES.flatMap((family) => inCluster('daddr', plan, family));
  return [
    `oifname { "lo", "${OVERLAY_INTERFACE}", "${egress.interface}" } accept`,
    ...own.map((match) => `${primary} ${match} accept comment "the tunnel's own packets"`),
    ...nameRules(plan),
    ...cluster.map((match) => `${primary} ${match} jump cluster`),
    `${primary} icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld2-listener-report } accept`,
    'counter drop comment "router-outside-egress"',
  ];
}

/** The match of the packets that a tunnel itself sends. */
function tunnelMatches(tunnel: Tunnel): readonly string[] {
  if (tunnel.type === 'WireGuard') return [`meta mark ${TUNNEL_MARK}`];
  return tunnel.endpoints.flatMap((endpoint) => matches(endpoint, 'To'));
}
