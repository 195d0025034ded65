import type { Family } from '../net/address.ts';
import type { NetworkPlan, SubnetPlan } from '../plan/network-plan.ts';
import { EGRESS_INTERFACE, OVERLAY_INTERFACE } from './router-interfaces.ts';

const IP = { IPv4: 'ip', IPv6: 'ip6' } as const;

/** Sources that IPv6 hosts of the network have besides their own: link-local and unspecified (RFC 4291, RFC 4862). */
const LINK_LOCAL = ['fe80::/10', '::'];

/** What the router takes itself: echo requests, and errors about what it has sent. */
const ICMP = 'destination-unreachable, time-exceeded, parameter-problem, echo-request';
/** Also neighbour discovery, without which nobody finds it; no router advertisement and no redirect, which only routers send (RFC 4861). */
const ICMPV6 = `packet-too-big, ${ICMP}, nd-neighbor-solicit, nd-neighbor-advert`;
const ACCEPTED = { IPv4: `icmp type { ${ICMP} }`, IPv6: `icmpv6 type { ${ICMPV6} }` } as const;

/**
 * The nftables rules of a router, as `nft -f` takes them. Nothing is forwarded but the clients' traffic from the network to
 * the egress interface and its replies; what clients reach without the gateway is not forwarded at all.
 *
 * - The segment size is set to what fits both ways: `rt mtu` is the lesser of the routes to either end, in SYN and in SYN-ACK.
 * - Packets that connection tracking finds invalid would leave with the client's own address. Coming back, they keep the
 *   router's, which would answer with a reset: one packet out of its window would end the connection.
 * - Echo requests are not limited: what a client must not send too often, it could as well send through the router.
 */
export function routerRules(plan: NetworkPlan): string {
  const lines = (line: (subnet: SubnetPlan) => string) =>
    plan.subnets.map((subnet) => `\t\t${line(subnet)}\n`).join('');
  return `add table inet gateway
delete table inet gateway
table inet gateway {
	chain prerouting {
		type filter hook prerouting priority raw; policy accept;
${lines(({ family, cidr }) => `iifname "${OVERLAY_INTERFACE}" ${IP[family]} saddr != ${sources(family, cidr)} counter drop comment "the source is not of the network"`)}\
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state invalid counter drop comment "would leave with the client's address"
		tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
		iifname "${EGRESS_INTERFACE}" oifname "${OVERLAY_INTERFACE}" ct state established,related accept
${lines(({ family }) => `iifname "${OVERLAY_INTERFACE}" ${IP[family]} daddr ${cluster(plan, family)} counter drop comment "the cluster is not behind the gateway"`)}\
${lines(({ family, cidr }) => `iifname "${OVERLAY_INTERFACE}" oifname "${EGRESS_INTERFACE}" ${IP[family]} saddr ${cidr} accept`)}\
		counter drop comment "nothing else is forwarded"
	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
${lines(({ family, cidr }) => `oifname "${EGRESS_INTERFACE}" ${IP[family]} saddr ${cidr} masquerade`)}\
	}
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "${EGRESS_INTERFACE}" ct state invalid counter drop comment "would reset a client's connection"
${lines(({ family }) => `iifname "${OVERLAY_INTERFACE}" ${ACCEPTED[family]} accept`)}\
		iifname "${OVERLAY_INTERFACE}" counter drop comment "the router serves nothing on the network"
	}
}
`;
}

function sources(family: Family, cidr: string): string {
  return family === 'IPv4' ? cidr : `{ ${[cidr, ...LINK_LOCAL].join(', ')} }`;
}

/** A set without a name: those that nft 1.1 names make nft 1.0 crash where it reads them, in whoever's hands it is. */
function cluster(plan: NetworkPlan, family: Family): string {
  const elements = plan.clusterCidrs.filter((entry) => entry.family === family).map((entry) => entry.cidr);
  return `{ ${elements.join(', ')} }`;
}
