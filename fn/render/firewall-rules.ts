import { FAMILIES } from '../net/address.ts';
import { formatPorts, type Ports } from '../net/ports.ts';
import type { Destination } from '../plan/gateway-plan.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { chain, set, within } from './nft.ts';

/** Numbers, since images need not have /etc/protocols (IANA, protocol numbers): ICMP and its IPv6 counterpart. */
const ICMP = 'meta l4proto { 1, 58 }';

/** Which end of a packet is compared with destinations: the destination (`To`) or, for replies, the source (`From`). */
export type End = 'To' | 'From';

const ADDRESS = { To: 'daddr', From: 'saddr' } as const;
const PORT = { To: 'dport', From: 'sport' } as const;

const CHAINS = { To: 'firewall', From: 'answers' } as const;

/**
 * The chains that clients' packets to the outside go through, or their replies: first denied destinations, then allowed
 * ones. They see all packets of a connection, both ways, so a changed list also ends existing connections. None where
 * nothing is denied or allowed.
 */
export function firewallChains({ firewall: { deny, allow } }: NetworkPlan, end: End): readonly string[] {
  if (deny.length + allow.length === 0) return [];
  const all = [...inChains(deny, 'deny', 'counter drop', end), ...inChains(allow, 'allow', 'accept', end)];
  const rest = allow.length > 0 ? 'counter drop comment "not-in-firewall-allow"' : 'accept';
  return [
    ...all.flatMap(({ own }) => own),
    chain(CHAINS[end], undefined, [...all.flatMap(({ rules }) => rules), rest]),
  ];
}

/** The rules of each destination of a list. Where it has several networks of a family, they share a chain. */
function inChains(list: readonly Destination[], name: 'deny' | 'allow', verdict: string, end: End) {
  return list.map((destination, index) => {
    const networks = networkMatches(destination, end);
    const decide = `${verdict} comment "spec.gateway.firewall.${name}[${index}]"`;
    const isShared = networks.some((ofFamily) => ofFamily.length > 1);
    if (!isShared) return { own: [], rules: matches(destination, end).map((match) => `${match} ${decide}`.trim()) };
    const own = `${CHAINS[end]}_${name}_${index}`;
    const decisions = protocolMatches(destination, end).map((match) => `${match} ${decide}`.trim());
    return { own: [chain(own, undefined, decisions)], rules: networks.flat().map((match) => `${match} jump ${own}`) };
  });
}

/** The nftables matches of destinations, each for a rule of its own; one that is empty for all destinations. */
export function matches(destination: Destination, end: End): readonly string[] {
  const networks = destination.cidrs.length === 0 ? [''] : networkMatches(destination, end).flat();
  return networks.flatMap((network) =>
    protocolMatches(destination, end).map((protocol) => [network, protocol].filter(Boolean).join(' ')),
  );
}

function networkMatches({ cidrs }: Destination, end: End): readonly (readonly string[])[] {
  return FAMILIES.map((family) => within(ADDRESS[end], cidrs, family));
}

/** Single ports share a rule, each range has its own. */
function protocolMatches({ protocol, ports }: Destination, end: End): readonly string[] {
  if (protocol === 'Any') return [''];
  if (protocol === 'ICMP') return [ICMP];
  const name = protocol.toLowerCase();
  if (ports.length === 0) return [`meta l4proto ${name}`];
  const isRange = ({ first, last }: Ports) => first !== last;
  const singles = ports.filter((port) => !isRange(port)).map(({ first }) => first);
  const alternatives = [...(singles.length === 0 ? [] : [set(singles)]), ...ports.filter(isRange).map(formatPorts)];
  return alternatives.map((alternative) => `${name} ${PORT[end]} ${alternative}`);
}
