/**
 * How many packets rules have dropped, summed up by the comment of the rule, which is the reason
 * (docs/troubleshooting.md).
 *
 * @param listing what nft lists of tables or of chains, each in its table
 * @param prefix that of our tables' names
 */
export function dropsIn(listing: string, prefix: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  let isOurs = false;
  for (const line of listing.split('\n')) {
    if (line.startsWith('table ')) isOurs = line.split(' ')[2]?.startsWith(prefix) === true;
    const [, packets, reason] =
      /\scounter packets (\d+) bytes \d+ (?:drop|reject with tcp reset) comment "([^"]*)"/.exec(line) ?? [];
    if (isOurs && reason !== undefined) sums.set(reason, (sums.get(reason) ?? 0) + Number(packets));
  }
  return sums;
}

/** Those of which there are any, as they are reported. */
export function reported(drops: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...drops].filter(([, count]) => count > 0));
}
