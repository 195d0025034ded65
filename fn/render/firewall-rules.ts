import { FAMILIES } from '../net/address.ts';
import { formatPorts } from '../net/ports.ts';
import type { Destination } from '../plan/gateway-plan.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { cidrSet, IP, set } from './nft.ts';

/** Numbers, since images need not have /etc/protocols (IANA, protocol numbers): ICMP and its IPv6 counterpart. */
const ICMP = 'meta l4proto { 1, 58 }';

/** Which end of a packet is compared with destinations: the destination (`To`) or, for replies, the source (`From`). */
export type End = 'To' | 'From';

const ADDRESS = { To: 'daddr', From: 'saddr' } as const;
const PORT = { To: 'dport', From: 'sport' } as const;

/**
 * The rules for clients' packets to the outside, or their replies: first denied destinations, then allowed ones. They
 * see all packets of a connection, both ways, so a changed list also ends existing connections. Empty where nothing
 * is denied or allowed.
 */
export function firewallRules({ firewall: { deny, allow } }: NetworkPlan, end: End): readonly string[] {
  if (deny.length + allow.length === 0) return [];
  const rules = (list: readonly Destination[], name: 'deny' | 'allow', verdict: string) =>
    list.flatMap((destination, index) =>
      matches(destination, end).map((match) => `${match} ${verdict} comment "spec.gateway.firewall.${name}[${index}]"`),
    );
  const rest = allow.length > 0 ? 'counter drop comment "not-in-firewall-allow"' : 'accept';
  return [...rules(deny, 'deny', 'counter drop'), ...rules(allow, 'allow', 'accept'), rest].map((rule) => rule.trim());
}

/** The nftables match of destinations: one for each family of the CIDRs, empty for all destinations. */
export function matches({ cidrs, protocol, ports }: Destination, end: End): readonly string[] {
  const networks = FAMILIES.flatMap((family) => {
    const isThere = cidrs.some((cidr) => cidr.family === family);
    return isThere ? [`${IP[family]} ${ADDRESS[end]} ${cidrSet(cidrs, family)}`] : [];
  });
  const parts = cidrs.length === 0 ? [''] : networks;
  return parts.map((network) => [network, protocolMatch(protocol, ports, end)].filter(Boolean).join(' '));
}

function protocolMatch(protocol: Destination['protocol'], ports: Destination['ports'], end: End): string {
  if (protocol === 'Any') return '';
  if (protocol === 'ICMP') return ICMP;
  const name = protocol.toLowerCase();
  return ports.length === 0 ? `meta l4proto ${name}` : `${name} ${PORT[end]} ${set(ports.map(formatPorts))}`;
}
