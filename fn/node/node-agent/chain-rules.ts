import { parseCidr } from '../../net/cidr.ts';
import type { Change } from '../change.ts';
import type { AgentConfig } from '../config/agent-config.ts';

/** A rule of ours in an iptables chain of others. */
export interface ChainRule {
  readonly tool: string;
  readonly table: 'filter' | 'nat';
  readonly chain: string;
  readonly target: 'ACCEPT' | 'RETURN';
  readonly match: readonly string[];
  readonly comment: string;
}

/** A chain of iptables, as a key: `iptables-nft filter FORWARD`. */
export function chainOf({ tool, table, chain }: Pick<ChainRule, 'tool' | 'table' | 'chain'>): string {
  return `${tool} ${table} ${chain}`;
}

const TOOLS = { IPv4: 'iptables', IPv6: 'ip6tables' } as const;
const NFT_FAMILIES: Readonly<Record<string, string>> = { 'iptables-nft': 'ip', 'ip6tables-nft': 'ip6' };

export type ChainConfig = Pick<AgentConfig, 'network' | 'bridge' | 'snat' | 'iptablesLegacy'>;

/**
 * The tools that can have a table of a family: iptables-legacy beside iptables-nft where it is used on the node, and
 * ours to use.
 *
 * @param legacy the tables of iptables-legacy that there are, as `iptables-legacy nat`
 */
export function toolsOf(family: 'IPv4' | 'IPv6', table: string, config: ChainConfig, legacy: ReadonlySet<string>) {
  const tool = `${TOOLS[family]}-legacy`;
  const isUsed = config.iptablesLegacy === 'Manage' && legacy.has(`${tool} ${table}`);
  return [`${TOOLS[family]}-nft`, ...(isUsed ? [tool] : [])];
}

/** How the comments of our rules begin. */
export function ownComment({ network }: ChainConfig): string {
  return `gateway-network ${network}: `;
}

/**
 * The rules that must be in the chains of others: FORWARD, which br_netfilter shows bridged packets to, and the chain
 * of the cluster's source NAT where one is named.
 */
export function chainRules(config: ChainConfig, legacy: ReadonlySet<string>): readonly ChainRule[] {
  const { bridge, snat } = config;
  const own = ownComment(config);
  const forward = (['IPv4', 'IPv6'] as const).flatMap((family) =>
    toolsOf(family, 'filter', config, legacy).map((tool): ChainRule => {
      const match = ['-i', bridge, '-o', bridge];
      return {
        tool,
        table: 'filter',
        chain: 'FORWARD',
        target: 'ACCEPT',
        match,
        comment: `${own}bridged, not forwarded`,
      };
    }),
  );
  if (snat === undefined) return forward;
  const subnets = snat.subnets.flatMap((subnet) =>
    toolsOf(parseCidr(subnet)?.family ?? 'IPv4', 'nat', config, legacy).map((tool): ChainRule => {
      const match = ['-s', subnet];
      return {
        tool,
        table: 'nat',
        chain: snat.chain,
        target: 'RETURN',
        match,
        comment: `${own}keeps its source address`,
      };
    }),
  );
  return [...forward, ...subnets];
}

/** A rule as iptables itself prints it. */
export function printRule({ chain, match, comment, target }: ChainRule): string {
  return `-A ${chain} ${match.join(' ')} -m comment --comment "${comment}" -j ${target}`;
}

/** The questions that nft answers with the chains of rules: those of iptables-legacy it does not know of. */
export function chainQuestions(rules: readonly ChainRule[]): readonly string[] {
  return rules.flatMap(({ tool, table, chain }) => {
    const family = NFT_FAMILIES[tool];
    return family === undefined ? [] : [`list chain ${family} ${table} ${chain}`];
  });
}

/** What `iptables -S` prints of chains, by {@link chainOf}; nothing of those that are not there. */
export type Listings = ReadonlyMap<string, string | undefined>;

/** Puts rules first that are missing, and leaves them then where they are, whatever others put before them. */
export function insertions(rules: readonly ChainRule[], listings: Listings): readonly Change[] {
  return rules.flatMap((rule) => {
    const listing = listings.get(chainOf(rule));
    if (listing === undefined || !isNeeded(rule, listing)) return [];
    if (listing.split('\n').includes(printRule(rule))) return [];
    const what = `${rule.tool}: rule inserted into ${rule.chain}: ${rule.comment}`;
    return [{ what, command: command(rule, ['-I', rule.chain, '1']) }];
  });
}

/**
 * An ACCEPT is needed only where packets may be dropped in the end: by the chain's policy, or by a rule without
 * conditions.
 */
function isNeeded({ target, chain }: ChainRule, listing: string): boolean {
  const lines = listing.split('\n');
  const drops = (line: string) => line === `-A ${chain} -j DROP` || line.startsWith(`-A ${chain} -j REJECT `);
  return target === 'RETURN' || !listing.startsWith(`-P ${chain} ACCEPT`) || lines.some(drops);
}

/** What there is to tell of the chains that no tool has. */
export function missingChains(rules: readonly ChainRule[], listings: Listings): readonly string[] {
  const subnetOf = ({ match }: ChainRule) => match.join(' ');
  const found = rules.filter((rule) => listings.get(chainOf(rule)) !== undefined).map(subnetOf);
  const missing = rules.filter((rule) => rule.target === 'RETURN' && !found.includes(subnetOf(rule)));
  const first = missing.filter(({ tool }) => NFT_FAMILIES[tool] !== undefined);
  return first.map(({ tool, table, chain }) => `${tool} has no chain ${chain} in table ${table}`);
}

/** Takes rules away, at the end. */
export function removals(rules: readonly ChainRule[]): readonly Change[] {
  return rules.map((rule) => ({
    what: `${rule.tool}: rule removed from ${rule.chain}: ${rule.comment}`,
    command: command(rule, ['-D', rule.chain]),
  }));
}

function command({ tool, table, match, comment, target }: ChainRule, place: readonly string[]): readonly string[] {
  const marked = [...match, '-m', 'comment', '--comment', comment, '-j', target];
  return [tool, '-w', '2', '-t', table, ...place, ...marked];
}

/**
 * What a tool is to restore, to be rid of rules in a table that bear our comment and are not among those that are
 * wanted: for another bridge, chain or subnet. Nothing where there are none.
 */
export function tidying(table: string, listing: string, config: ChainConfig, wanted: readonly ChainRule[]) {
  const lines = new Set(wanted.map(printRule));
  const mark = `--comment "${ownComment(config)}`;
  const stale = listing.split('\n').filter((line) => line.includes(mark) && !lines.has(line));
  if (stale.length === 0) return undefined;
  return `*${table}\n${stale.map((line) => `-D${line.slice('-A'.length)}\n`).join('')}COMMIT\n`;
}
