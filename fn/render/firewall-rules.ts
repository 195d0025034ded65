import type { DestinationPlan } from '../plan/gateway-plan.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { set } from './nft.ts';

const DADDR = { IPv4: 'ip daddr', IPv6: 'ip6 daddr' } as const;

/** Numbers, since images need not have /etc/protocols (IANA, protocol numbers): ICMP and its IPv6 counterpart. */
const ICMP = 'meta l4proto { 1, 58 }';

/**
 * What a client's packet that is to leave is held against: first what is denied, then what is allowed. All packets of a connection
 * are, so a rule that comes later ends what it forbids. None where nothing is denied or allowed.
 */
export function firewallRules({ firewall: { deny, allow } }: NetworkPlan): readonly string[] {
  if (deny.length + allow.length === 0) return [];
  const rules = (list: readonly DestinationPlan[], name: 'deny' | 'allow', verdict: string) =>
    list.flatMap((destination, index) =>
      matches(destination).map((match) => `${match} ${verdict} comment "spec.gateway.firewall.${name}[${index}]"`),
    );
  const rest = allow.length > 0 ? 'counter drop comment "not among spec.gateway.firewall.allow"' : 'accept';
  return [...rules(deny, 'deny', 'counter drop'), ...rules(allow, 'allow', 'accept'), rest].map((rule) => rule.trim());
}

/** How nftables matches destinations: one text for each family that is named, which is empty where all is meant. */
export function matches({ cidrs, protocol, ports }: DestinationPlan): readonly string[] {
  const networks = (['IPv4', 'IPv6'] as const).flatMap((family) => {
    const own = cidrs.filter((entry) => entry.family === family).map(({ cidr }) => cidr);
    return own.length === 0 ? [] : [`${DADDR[family]} ${set(own)}`];
  });
  const parts = cidrs.length === 0 ? [''] : networks;
  return parts.map((network) => [network, protocolMatch(protocol, ports)].filter(Boolean).join(' '));
}

function protocolMatch(protocol: DestinationPlan['protocol'], ports: DestinationPlan['ports']): string {
  if (protocol === 'Any') return '';
  if (protocol === 'ICMP') return ICMP;
  const name = protocol.toLowerCase();
  return ports.length === 0 ? `meta l4proto ${name}` : `${name} dport ${set(ports)}`;
}
