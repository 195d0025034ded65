import type { Family } from '../net/address.ts';
import type { NetworkPlan, SubnetPlan } from '../plan/network-plan.ts';
import { EGRESS_INTERFACE, OVERLAY_INTERFACE } from './router-interfaces.ts';

const IP = { IPv4: 'ip', IPv6: 'ip6' } as const;

/**
 * The nftables rules of a router, as `nft -f` takes them. Nothing is forwarded but the clients' traffic from the network to
 * the egress interface and its replies; what clients reach without the gateway is not forwarded at all.
 */
export function routerRules(plan: NetworkPlan): string {
  const lines = (line: (subnet: SubnetPlan) => string) =>
    plan.subnets.map((subnet) => `\t\t${line(subnet)}\n`).join('');
  return `add table inet gateway
delete table inet gateway
table inet gateway {
${plan.subnets.map(({ family }) => clusterSet(plan, family)).join('')}\
	chain forward {
		type filter hook forward priority filter; policy drop;
		tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
		iifname "${EGRESS_INTERFACE}" oifname "${OVERLAY_INTERFACE}" ct state established,related accept
${lines(({ family }) => `${IP[family]} daddr @cluster_${family.toLowerCase()} counter drop comment "the cluster is not behind the gateway"`)}\
${lines(({ family, cidr }) => `iifname "${OVERLAY_INTERFACE}" oifname "${EGRESS_INTERFACE}" ${IP[family]} saddr ${cidr} accept`)}\
	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
${lines(({ family, cidr }) => `oifname "${EGRESS_INTERFACE}" ${IP[family]} saddr ${cidr} masquerade`)}\
	}
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "${OVERLAY_INTERFACE}" ct state established,related accept
		iifname "${OVERLAY_INTERFACE}" meta l4proto { icmp, ipv6-icmp } accept
		iifname "${OVERLAY_INTERFACE}" counter drop comment "the router serves nothing on the network"
	}
}
`;
}

function clusterSet(plan: NetworkPlan, family: Family): string {
  const elements = plan.clusterCidrs.filter((entry) => entry.family === family).map((entry) => entry.cidr);
  return `\
	set cluster_${family.toLowerCase()} {
		type ${family.toLowerCase()}_addr; flags interval; auto-merge
		elements = { ${elements.join(', ')} }
	}
`;
}
