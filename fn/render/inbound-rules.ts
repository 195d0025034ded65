import type { NetworkPlan } from '../plan/network-plan.ts';
import { cidrSet, IP } from './nft.ts';

/** The interface of a pod on the cluster's network; the container runtime names it so. */
const PRIMARY_INTERFACE = 'eth0';

/** Neighbour discovery among addresses of any scope (RFC 4861). Connection tracking leaves it alone. */
const NEIGHBOURS = 'nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert';

/**
 * The nftables rules of a client that answers inbound connections, as `nft -f` takes them. What sends from the address of the primary
 * interface is routed there, so these rules are what keeps a client from going around the gateway by it: only answers leave, and what
 * stays in the cluster. They look at packets behind all other rules of the pod, and at the interface that these really leave by.
 */
export function inboundRules({ inbound }: NetworkPlan): string {
  const cluster = inbound.guarded.map(
    ({ family, cidrs }) => `${IP[family]} daddr ${cidrSet(cidrs, family)} accept comment "stays in the cluster"`,
  );
  const families = inbound.guarded.map(({ family }) => family.toLowerCase());
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
