import { PRIMARY_INTERFACE } from '../plan/gateway.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { within } from './nft.ts';

/** Neighbour discovery among addresses of any scope (RFC 4861). Connection tracking leaves it alone. */
const NEIGHBOURS = 'nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert';

/**
 * The nftables rules of a client that answers inbound connections, as `nft -f` takes them. Packets from the address
 * of the primary interface are routed there, so only these rules keep a client from bypassing the gateway: only
 * replies and cluster traffic may leave. They run after all other rules of the pod, when the interface is final.
 */
export function inboundRules({ primary }: NetworkPlan): string {
  const cluster = primary.guarded
    .flatMap(({ family, cidrs }) => within('daddr', cidrs, family))
    .map((match) => `${match} accept comment "stays in the cluster"`);
  const families = primary.guarded.map(({ family }) => family.toLowerCase());
  const rules = [
    `oifname != "${PRIMARY_INTERFACE}" accept`,
    'ct direction reply accept comment "replies to inbound connections"',
    ...cluster,
    `icmpv6 type { ${NEIGHBOURS} } accept`,
    `meta nfproto { ${families.join(', ')} } counter drop comment "around-gateway"`,
  ];
  return `add table inet gateway_inbound
delete table inet gateway_inbound
table inet gateway_inbound {
	chain postrouting {
		type filter hook postrouting priority 300; policy accept;
${rules.map((rule) => `\t\t${rule}\n`).join('')}\
	}
}
`;
}
