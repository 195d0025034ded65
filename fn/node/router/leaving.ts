/** An interface, as `ip -j addr show` has it. */
export interface ShownLink {
  readonly addr_info: readonly { readonly family: string; readonly local: string; readonly scope: string }[];
}

/** How nftables and ip(8) call each family. */
const FAMILIES = [
  ['ip', 'inet'],
  ['ip6', 'inet6'],
] as const;

/**
 * The addresses that clients' packets get when they leave by an interface, one of each family: that of the rule that
 * translates them, as long as the interface has it, or its own.
 *
 * @param listing what nft lists of the router's table
 * @param link nothing where there is no such interface
 */
export function leavingAddresses(listing: string, device: string, link: ShownLink | undefined): readonly string[] {
  const lines = listing.split('\n').map((line) => line.trim());
  return FAMILIES.flatMap(([ip, inet]) => {
    const rule = lines.find((line) => line.startsWith(`oifname "${device}" ${ip} saddr `));
    if (rule === undefined) return [];
    const [, shared] = /\bsnat (?:ip6? )?to (\S+)/.exec(rule) ?? [];
    const own = (link?.addr_info ?? []).filter(({ family, scope }) => family === inet && scope === 'global');
    const chosen = shared === undefined ? own : own.filter(({ local }) => local === shared);
    return chosen.slice(0, 1).map(({ local }) => local);
  });
}
