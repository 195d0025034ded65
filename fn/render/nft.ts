import type { Family } from '../net/address.ts';
import { type Cidr, formatCidr } from '../net/cidr.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';

/** How nftables calls the IP families. */
export const IP = { IPv4: 'ip', IPv6: 'ip6' } as const;

/** Sources that IPv6 hosts have besides those of a network: link-local and unspecified (RFC 4861, RFC 4862). */
export const NO_NETWORKS_OWN: readonly string[] = ['fe80::/10', '::'];

/** A chain in a table: of the hook where one is given, else one that others jump to. */
export function chain(name: string, hook: string | undefined, rules: readonly string[]): string {
  const lines = [...(hook === undefined ? [] : [`type ${hook};`]), ...rules];
  return `\tchain ${name} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}

/**
 * An anonymous set: nft 1.0 crashes when it reads a named set of nft 1.1, also if another program runs it. Of single
 * values only: a set with a network or a range is empty for a moment when rules are replaced (decision 40).
 */
export function set(elements: readonly (string | number)[]): string {
  return `{ ${elements.join(', ')} }`;
}

/** Matches of an end of a packet, one for each of some networks that is of a family. */
export function within(end: 'saddr' | 'daddr', cidrs: readonly Cidr[], family: Family): readonly string[] {
  return cidrs.filter((cidr) => cidr.family === family).map((cidr) => `${IP[family]} ${end} ${formatCidr(cidr)}`);
}

/** The match of a source that is in none of some networks of a family. */
export function fromNoneOf(cidrs: readonly string[], family: Family): string {
  return cidrs.map((cidr) => `${IP[family]} saddr != ${cidr}`).join(' ');
}

/** Matches of an end of a packet, one for each network that stays on the primary network. */
export function inCluster(end: 'saddr' | 'daddr', plan: NetworkPlan, family: Family): readonly string[] {
  return within(end, plan.clusterCidrs, family);
}
