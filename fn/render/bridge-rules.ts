import { type Address, type Family, formatAddress, isSame } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import type { NetworkPlan, SubnetPlan } from '../plan/network-plan.ts';
import { chain, fromNoneOf, NO_NETWORKS_OWN, set } from './nft.ts';

const ETHER_TYPES = { IPv4: ['arp', 'ip'], IPv6: ['ip6'] } as const;

/**
 * The nftables rules for the frames that enter the network's bridge from pods and from other
 * nodes. They know the network's
 * ports by their group, which the node agent sets, and do not affect other bridges. Nothing passes between them and
 * an unknown port: the agent has yet to remove that from the bridge.
 * - Only routers answer for the gateway (ARP, neighbour discovery), and nobody sends router advertisements.
 * - Clients send only with a source of the network. The agent's own rules bind each port to its addresses.
 * - With client isolation, frames pass only from or to a router.
 * - The node itself sends nothing, not even the multicast traffic of its kernel.
 *
 * Routers are known by their MAC addresses. A client that uses one of those is beyond these rules. Frames from
 * another node with one must be what routers send.
 */
export function bridgeRules(plan: NetworkPlan): string {
  const { names, portGroup, routers, subnets, isolated } = plan;
  const macs = `{ ${routers.map(({ mac }) => mac).join(', ')} }`;
  const far = plan.overlay.type === 'VXLAN' ? plan.overlay.device : undefined;
  const etherTypes = subnets.flatMap(({ family }) => ETHER_TYPES[family]).join(', ');
  const rules = [
    // Rules cannot see behind a VLAN tag, and the kernel strips a tag of VLAN 0 before it processes the frame.
    `ether type != { ${etherTypes} } counter drop comment "wrong-ether-type"`,
    ...(far === undefined ? [] : [`iifname "${far}" ether saddr ${macs} jump far_router`]),
    `ether saddr ${macs} accept comment "a router"`,
    ...subnets.flatMap((subnet) => SPOOFING[subnet.family](subnet, routerAddresses(plan, subnet.family))),
    ...(isolated ? [`ether daddr ${macs} accept comment "to a router"`] : []),
    ...(isolated ? subnets.map(({ family }) => ASKING[family](routerAddresses(plan, family))) : []),
    ...(isolated ? ['counter drop comment "client-isolation"'] : []),
  ];
  return `add table bridge ${names.nodeTable}
delete table bridge ${names.nodeTable}
table bridge ${names.nodeTable} {
${far === undefined ? '' : chain('far_router', undefined, farRouterRules(plan))}\
	chain guard {
${rules.map((rule) => `\t\t${rule}\n`).join('')}\
	}
	chain prerouting {
		type filter hook prerouting priority filter; policy accept;
		iifgroup ${portGroup} jump guard comment "from a port of this network"
	}
	chain forward {
		type filter hook forward priority filter; policy accept;
		iifgroup != ${portGroup} oifgroup ${portGroup} counter drop comment "from-unknown-port"
		iifgroup ${portGroup} oifgroup != ${portGroup} counter drop comment "to-unknown-port"
	}
	chain output {
		type filter hook output priority filter; policy accept;
		oifgroup ${portGroup} counter drop comment "from-node"
	}
}
`;
}

/**
 * A router sends with its own addresses and those of the outside, never with a client's. Its kernel
 * generates link-local addresses.
 */
function farRouterRules(plan: NetworkPlan): readonly string[] {
  return plan.subnets.flatMap(({ family, cidr }) => {
    const addresses = routerAddresses(plan, family);
    const [network, own] = [formatCidr(cidr), texts(addresses)];
    return family === 'IPv4'
      ? [
          `arp saddr ip != ${own} counter drop comment "router-arp-for-client"`,
          `ip saddr ${network} ip saddr != ${own} counter drop comment "router-with-client-source"`,
        ]
      : [
          `ip6 saddr ${network} ip6 saddr != ${own} counter drop comment "router-with-client-source"`,
          `icmpv6 type nd-neighbor-advert @th,64,16 != 0xfe80 ${targets(addresses, '!=')} counter drop comment "router-nd-for-client"`,
          'icmpv6 type { nd-router-advert, nd-redirect } counter drop comment "router-advertisement"',
        ];
  });
}

/** Frames of clients with addresses that are not theirs. */
const SPOOFING: Readonly<Record<Family, (subnet: SubnetPlan, addresses: readonly Address[]) => readonly string[]>> = {
  IPv4: ({ cidr }, addresses) => [
    `arp saddr ip ${texts(addresses)} counter drop comment "spoofed-gateway-arp"`,
    `ip saddr ${texts(addresses)} counter drop comment "spoofed-gateway"`,
    `ip saddr != ${formatCidr(cidr)} counter drop comment "foreign-source"`,
  ],
  IPv6: ({ cidr }, addresses) => [
    `ip6 saddr ${texts(addresses)} counter drop comment "spoofed-gateway"`,
    `${fromNoneOf([formatCidr(cidr), ...NO_NETWORKS_OWN], 'IPv6')} counter drop comment "foreign-source"`,
    `icmpv6 type { nd-neighbor-advert, nd-redirect } ${targets(addresses)} counter drop comment "spoofed-gateway-nd"`,
    'icmpv6 type nd-router-advert counter drop comment "router-advertisement"',
  ],
};

/** The requests by which clients find a router's MAC address. */
const ASKING: Readonly<Record<Family, (addresses: readonly Address[]) => string>> = {
  IPv4: (addresses) => `arp daddr ip ${texts(addresses)} accept comment "asks for the MAC address of a router"`,
  IPv6: (addresses) =>
    `icmpv6 type nd-neighbor-solicit ${targets(addresses)} accept comment "asks for the MAC address of a router"`,
};

/**
 * The target address of neighbour discovery, 16 bytes after the first 8 of the ICMPv6 message (RFC
 * 4861, section 4.3 to 4.5).
 * nft 1.0 has no name for it.
 */
function targets(addresses: readonly Address[], relation = ''): string {
  const hex = addresses.map(({ value }) => `0x${value.toString(16).padStart(32, '0')}`);
  return `@th,64,128 ${relation}${relation && ' '}{ ${hex.join(', ')} }`;
}

/** The gateway and the routers' own addresses, each once. */
function routerAddresses({ subnets, routers }: NetworkPlan, family: Family): readonly Address[] {
  const all = [...subnets.map(({ gateway }) => gateway), ...routers.flatMap(({ addresses }) => addresses)];
  const own = all.filter((address) => address.family === family);
  return own.filter((address, index) => own.findIndex((other) => isSame(other, address)) === index);
}

function texts(addresses: readonly Address[]): string {
  return set(addresses.map(formatAddress));
}
