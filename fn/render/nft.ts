import type { Family } from '../net/address.ts';
import { type Cidr, formatCidr } from '../net/cidr.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';

/** How nftables calls the IP families. */
export const IP = { IPv4: 'ip', IPv6: 'ip6' } as const;

/** A chain in a table: of the hook where one is given, else one that others jump to. */
export function chain(name: string, hook: string | undefined, rules: readonly string[]): string {
  const lines = [...(hook === undefined ? [] : [`type ${hook};`]), ...rules];
  return `\tchain ${name} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}

/** An anonymous set: nft 1.0 crashes when it reads a named set of nft 1.1, also if another program runs it. */
export function set(elements: readonly (string | number)[]): string {
  return `{ ${elements.join(', ')} }`;
}

/** Those networks that are of a family. */
export function cidrSet(cidrs: readonly Cidr[], family: Family): string {
  return set(cidrs.filter((cidr) => cidr.family === family).map(formatCidr));
}

/** The networks of a family that stay on the primary network. */
export function clusterSet({ clusterCidrs }: NetworkPlan, family: Family): string {
  return cidrSet(clusterCidrs, family);
}
