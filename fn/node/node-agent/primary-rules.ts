import { parseCidr } from '../../net/cidr.ts';
import { HELD_ADDRESSES } from '../../net/held-addresses.ts';
import type { Primary } from '../config/agent-config.ts';
import type { Link } from './link.ts';

/** What the rules are about. */
export interface Limits {
  readonly table: string;
  readonly primary: Primary;
  /** The network's own: clients reach them by the network alone. */
  readonly subnets: readonly string[];
  /** The UDP ports of the node's tunnels: it takes a packet out of what is sent there, and forwards that. */
  readonly tunnelPorts: readonly number[];
}

/** How many devices a chain takes: the kernel's limit is a few more (NFT_NETDEVICE_MAX). */
const MOST = 200;

/** Tell later chains what the first has found. The kernel sets the priority of a packet anew when it routes it. */
const OUTSIDE = '4799:1';
const FOREIGN = '4799:2';
const QUESTION = '4799:3';

const FAMILIES = [
  ['IPv4', 'ip'],
  ['IPv6', 'ip6'],
] as const;

/**
 * The rules that hold pods to what they may send by their primary interface, as nft(8) takes them. They see the packet
 * as it comes from the pod, before the node bridges or routes it.
 *
 * A chain goes on for a new link with the name of one that has gone (kernel 6.16), hence the indexes: no two links have
 * the same.
 */
export function primaryRules(limits: Limits, links: readonly Link[]): string {
  const { table, primary } = limits;
  const others = `iif != { ${links.map(({ index }) => index).join(', ')} } accept comment "another link"`;
  const rules = [
    ...(links.length === 0 ? [] : [others]),
    'ether type != { arp, ip, ip6 } counter drop comment "wrong-ether-type"',
    ...FAMILIES.map(([family, ip]) => `${ip} daddr ${HELD_ADDRESSES[family]} meta priority set ${QUESTION} accept`),
    ...encapsulated(limits),
    ...FAMILIES.flatMap(([family, ip]) => limit(limits, family, ip)),
  ];
  return `add table netdev ${table}
delete table netdev ${table}
table netdev ${table} {
${FAMILIES.map(([family, ip]) => endChains(limits, family, ip)).join('')}\
	chain from_client {
${rules.map((rule) => `\t\t${rule}\n`).join('')}	}
${chunks(links).map(ingress).join('')}}
add table inet ${table}
delete table inet ${table}
add table bridge ${table}
delete table bridge ${table}
${links.length === 0 ? '' : laterChains(table, primary)}`;
}

/**
 * What another packet is taken out of on its way, or is sent on elsewhere: what the node's tunnels take, IPIP (4), 6in4
 * (41), GRE (47) and routing headers of IPv6.
 */
function encapsulated({ tunnelPorts }: Limits): readonly string[] {
  const ports = tunnelPorts.length === 0 ? [] : [`udp dport { ${tunnelPorts.join(', ')} }`];
  const matches = ['meta l4proto { 4, 41, 47 }', 'exthdr rt exists', ...ports];
  return matches.map((match) => `${match} counter drop comment "encapsulated"`);
}

/** What a packet of a family goes through: the network's own addresses first, then its source, then its destination. */
function limit({ primary, subnets }: Limits, family: 'IPv4' | 'IPv6', ip: string): readonly string[] {
  const own = subnets.filter((subnet) => parseCidr(subnet)?.family === family);
  return [
    ...own.map((subnet) => `${ip} daddr ${subnet} counter drop comment "around-gateway"`),
    ...(primary[family] === undefined
      ? []
      : [`ether type ${ip} jump ${ip}_source`, `ether type ${ip} jump ${ip}_destination`]),
  ];
}

/**
 * Neither end of a packet is outside: somebody in the cluster would answer a source there. Any program can give one in
 * IPv6 (IPV6_FREEBIND). A rule for each network: a set with networks is empty for a moment when rules are replaced.
 */
function endChains({ primary }: Limits, family: 'IPv4' | 'IPv6', ip: string): string {
  const allowed = primary[family];
  if (allowed === undefined) return '';
  // A pod asks whether an address of its own is free before it has one (RFC 4862, section 5.4.2).
  const nobody = family === 'IPv6' ? ['::'] : [];
  const outside = primary.replies ? `meta priority set ${OUTSIDE}` : 'counter drop comment "around-gateway"';
  const ends = [
    ['source', 'saddr', [...nobody, ...allowed], `meta priority set ${FOREIGN}`],
    ['destination', 'daddr', allowed, outside],
  ] as const;
  return ends
    .map(([name, end, networks, rest]) => {
      const rules = [...networks.map((network) => `${ip} ${end} ${network} return`), rest];
      return `\tchain ${ip}_${name} {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`;
    })
    .join('');
}

function ingress(links: readonly Link[], index: number): string {
  return `	chain ingress_${index} {
		type filter hook ingress devices = { ${links.map(({ name }) => `"${name}"`).join(', ')} } priority filter; policy accept;
		jump from_client
	}
`;
}

/**
 * What comes after a bridge. Only here it is known which packets belong to a connection, and by which interface the
 * node reaches a source: a pod's own address may be one of the internet. What a bridge passes from pod to pod comes
 * here only with `br_netfilter`; without, nobody knows. The guard's question is answered here, because kernels before
 * 5.11 cannot answer where the packet comes in.
 */
function laterChains(table: string, { replies }: Primary): string {
  const drop = 'counter drop comment "around-gateway"';
  const ofReplies = `		meta priority { ${OUTSIDE}, ${FOREIGN} } ct direction reply meta priority set none accept
		meta priority ${OUTSIDE} ${drop}
`;
  return `table inet ${table} {
	chain prerouting {
		type filter hook prerouting priority mangle; policy accept;
${replies ? ofReplies : ''}		meta priority { ${FOREIGN}, ${QUESTION} } fib saddr . iif oif missing ${drop}
		meta priority ${FOREIGN} meta priority set none
		meta priority ${QUESTION} reject with icmpx port-unreachable
	}
}
table bridge ${table} {
	chain forward {
		type filter hook forward priority filter; policy accept;
		meta priority { ${OUTSIDE}, ${FOREIGN}, ${QUESTION} } ${drop}
	}
}
`;
}

function chunks(links: readonly Link[]): readonly (readonly Link[])[] {
  const count = Math.ceil(links.length / MOST);
  return Array.from({ length: count }, (_, index) => links.slice(index * MOST, (index + 1) * MOST));
}

/** The names of the links that a table of these rules is about, of those that are still there. */
export function limitedIn(listing: string): readonly string[] {
  const sets = listing.matchAll(/^\s*iif != (.*) accept comment /gm);
  return Array.from(sets, ([, set = '']) => set.match(/"[^"]*"/g) ?? []).flatMap((names) =>
    names.map((name) => name.slice(1, -1)),
  );
}
