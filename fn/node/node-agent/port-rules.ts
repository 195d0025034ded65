import { ANSWER_ADDRESS } from './answer.ts';
import type { Identity } from './identities.ts';
import { addressesOf, bind, elementsOf, hexadecimal, type PortElements, texts } from './port-elements.ts';

/** How the packet filter tells the network's ports from others. */
export interface PortTable {
  readonly table: string;
  readonly group: number;
  readonly vxlan: string | undefined;
}

const NEIGHBOURS = 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }';

/** The table that holds each port to what was given to its pod, as nft(8) takes it. */
export function portRules({ table, group, vxlan }: PortTable, bound: readonly Identity[]): string {
  const rules = bound.length === 0 ? [drop('from-unknown-port')] : ruleLines(bound);
  const pods = vxlan === undefined ? '' : `iifname != "${vxlan}" `;
  return `add table bridge ${table}
delete table bridge ${table}
table bridge ${table} {
	chain given {
${rules.map((rule) => `\t\t${rule}\n`).join('')}	}
	chain prerouting {
		type filter hook prerouting priority filter - 5; policy accept;
		${pods}iifgroup ${group} jump given comment "from a pod"
	}
}
`;
}

function ruleLines(all: readonly Identity[]): readonly string[] {
  const clients = all.filter(({ isRouter }) => !isRouter);
  const routers = all.filter(({ isRouter }) => isRouter);
  const macs = setOf(all, 'macs');
  return [
    ...questionRules(routers),
    `iifname . ether saddr != ${macs} ${drop('spoofed-mac')}`,
    `ether type arp arp htype != 1 ${drop('arp-hardware-type')}`,
    `ether type arp iifname . arp saddr ether != ${macs} ${drop('spoofed-arp-mac')}`,
    `ether type arp iifname . arp saddr ip != ${setOf(all, 'senders')} ${drop('spoofed-arp-address')}`,
    ...sourceRules(clients),
    // As the kernel sends them: with nothing before, and one option of eight bytes at most (RFC 4861, RFC 7527).
    `${NEIGHBOURS} ip6 nexthdr != icmpv6 ${drop('malformed-nd')}`,
    `${NEIGHBOURS} ip6 length != { 24, 32 } ${drop('malformed-nd')}`,
    // The target address, behind the first 8 bytes, and a link-layer address in the option behind that.
    // A router may have made a link-local address before it got its MAC address.
    ...targetRules(routers, '@th,64,16 != 0xfe80 '),
    ...targetRules(clients, ''),
    `${NEIGHBOURS} @th,192,8 { 1, 2 } iifname . @th,208,48 != ${setOf(all, 'digits')} ${drop('spoofed-nd-mac')}`,
  ];
}

/**
 * What a router asks before it takes its addresses, with the MAC address that its pod was made with: whether the bridge
 * is there, and whether another has its addresses (RFC 5227, section 1.1). With its own MAC address, the answer would
 * not reach it.
 */
function questionRules(routers: readonly Identity[]): readonly string[] {
  const asking = routers.flatMap((each) => (each.asksWith === undefined ? [] : { ...each, mac: each.asksWith }));
  if (asking.length === 0) return [];
  const macs = setOf(asking, 'macs');
  const digits = setOf(asking, 'digits');
  const about = braced(asking.map((port) => bind(port, [ANSWER_ADDRESS, ...texts(port, 'IPv4')])));
  const targets = braced(asking.map((port) => bind(port, addressesOf(port, 'IPv6').map(hexadecimal))));
  const sender = `iifname . ether saddr ${macs}`;
  const hasIPv6 = asking.some((port) => texts(port, 'IPv6').length > 0);
  return [
    `${sender} arp operation request iifname . arp saddr ether ${macs} arp saddr ip 0.0.0.0 iifname . arp daddr ip ${about} accept comment "a router asks"`,
    ...(hasIPv6
      ? [
          `${sender} icmpv6 type nd-neighbor-solicit ip6 nexthdr icmpv6 ip6 length 32 iifname . @th,64,128 ${targets} @th,192,8 1 iifname . @th,208,48 ${digits} accept comment "a router asks"`,
        ]
      : []),
  ];
}

function sourceRules(clients: readonly Identity[]): readonly string[] {
  if (clients.length === 0) return [];
  const hasIPv4 = clients.some((port) => elementsOf(port).sources.length > 0);
  return [
    ...(hasIPv4 ? [`iifname . ip saddr != ${setOf(clients, 'sources')} ${drop('spoofed-source')}`] : []),
    `iifname . ip6 saddr != ${setOf(clients, 'sources6')} ${drop('spoofed-source')}`,
    `icmpv6 type { nd-router-advert, nd-redirect } ${drop('router-advertisement')}`,
  ].map((rule) => `${from(clients)}${rule}`);
}

function targetRules(ports: readonly Identity[], condition: string): readonly string[] {
  if (ports.length === 0) return [];
  const matches = `${condition}iifname . @th,64,128 != ${setOf(ports, 'targets')}`;
  return [`${from(ports)}icmpv6 type nd-neighbor-advert ${matches} ${drop('spoofed-nd-address')}`];
}

function from(ports: readonly Identity[]): string {
  return `iifname { ${ports.map(({ port }) => `"${port}"`).join(', ')} } `;
}

/** The elements of all ports as a set without a name. */
function setOf(ports: readonly Identity[], key: keyof PortElements): string {
  return braced(ports.map((port) => elementsOf(port)[key]));
}

function braced(elements: readonly (readonly string[])[]): string {
  return `{ ${elements.flat().join(', ')} }`;
}

function drop(reason: string): string {
  return `counter drop comment "${reason}"`;
}
