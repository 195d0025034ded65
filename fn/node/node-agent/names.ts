import type { Link } from './link.ts';

/** How the agent calls its links, and how it marks them: by their alias, which outlives it. */
export interface Names {
  readonly bridge: string;
  readonly entry?: string | undefined;
  readonly vxlan?: string | undefined;
  /** The alias of links of the network that no agent keeps. */
  readonly released: string;
  /** The alias of those that this one keeps: with its pod. */
  readonly mark: string;
  readonly pod: string;
}

/** Whether a link bears the mark of the network, whichever of its agents has set it. */
export function isOurs({ alias }: Link, { released }: Names): boolean {
  return alias === released || alias.startsWith(`${released} `);
}

/** The pod of another agent that keeps a link of the network. */
export function otherHolder(link: Link, names: Names): string | undefined {
  const holder = isOurs(link, names) ? link.alias.slice(names.released.length + 1) : '';
  return holder === '' || holder === names.pod ? undefined : holder;
}

/** What is wrong with a link that bears the mark of another network. */
export function foreignMark(link: Link, names: Names): string | undefined {
  if (isOurs(link, names) || !link.alias.startsWith('gateway-network ')) return undefined;
  return `${link.name} is not ours, its alias is '${link.alias}': left alone`;
}

/** The links that bear the network's mark but are not called, or are not, what they are to be: VXLANs first. */
export function formerLinks(links: readonly Link[], names: Names): readonly Link[] {
  const { bridge, entry, vxlan } = names;
  return ['vxlan', 'bridge'].flatMap((kind) => {
    const wanted = kind === 'vxlan' ? [vxlan] : [bridge, entry];
    return links.filter((link) => link.kind === kind && isOurs(link, names) && !wanted.includes(link.name));
  });
}
