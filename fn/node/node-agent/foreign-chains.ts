import { apply } from '../change.ts';
import { attempt, output } from '../system/command.ts';
import { readFile } from '../system/files.ts';
import { say } from '../system/process.ts';
import {
  chainOf,
  type ChainConfig,
  type ChainRule,
  chainRules,
  insertions,
  missingChains,
  removals,
  tidying,
  toolsOf,
} from './chain-rules.ts';
import type { Journal } from './journal.ts';

const LEGACY = { 'iptables-legacy': '/proc/net/ip_tables_names', 'ip6tables-legacy': '/proc/net/ip6_tables_names' };
const TABLES = ['filter', 'nat'] as const;

/** The tables that iptables-legacy has in this network namespace. To ask the tool itself would make one. */
export function legacyTables(): ReadonlySet<string> {
  const all = Object.entries(LEGACY).flatMap(([tool, path]) =>
    (readFile(path) ?? '').split('\n').map((table) => `${tool} ${table}`),
  );
  return new Set(all);
}

/**
 * What iptables-legacy has in the chains that matter, of which nft does not know, or that it is used where that is not
 * ours to see.
 */
export function lookAtLegacy({ iptablesLegacy, snat }: ChainConfig): string {
  const legacy = legacyTables();
  const used = Object.keys(LEGACY).flatMap((tool) =>
    TABLES.filter((table) => legacy.has(`${tool} ${table}`)).map((table) => {
      const chain = table === 'filter' ? 'FORWARD' : snat?.chain;
      if (iptablesLegacy === 'Report' || chain === undefined) return `${tool} ${table}`;
      return attempt([tool, '-w', '2', '-t', table, '-S', chain]).answer;
    }),
  );
  return used.map((text) => `${text}\n`).join('');
}

/**
 * Keeps our rules in the chains of others, and gives what there is to tell.
 *
 * @param isFirst whether rules of ours may be there that are wanted no more
 */
export function keepChains(journal: Journal, config: ChainConfig, isFirst: boolean): readonly string[] {
  const legacy = legacyTables();
  const rules = chainRules(config, legacy);
  if (isFirst) tidyChains(journal, config, legacy, rules);
  const listings = new Map(rules.map((rule) => [chainOf(rule), list(rule.tool, rule.table, rule.chain)]));
  for (const change of insertions(rules, listings)) journal.change(change);
  const unseen = Object.keys(LEGACY).filter(
    (tool) => config.iptablesLegacy === 'Report' && legacy.has(`${tool} filter`),
  );
  return [
    ...missingChains(rules, listings),
    ...unseen.map(
      (tool) =>
        `${tool} is used on this node and its FORWARD chain cannot be seen: if that drops, set spec.nodeRules.iptablesLegacy to Manage`,
    ),
  ];
}

function tidyChains(
  journal: Journal,
  config: ChainConfig,
  legacy: ReadonlySet<string>,
  rules: readonly ChainRule[],
): void {
  for (const family of ['IPv4', 'IPv6'] as const) {
    for (const table of TABLES) {
      for (const tool of toolsOf(family, table, config, legacy)) {
        const text = tidying(table, list(tool, table) ?? '', config, rules);
        if (text === undefined) continue;
        const what = `${tool}: rules removed that are not wanted any more`;
        journal.change({ what, command: [`${tool}-restore`, '-w', '2', '--noflush'], text });
      }
    }
  }
}

/** Takes our rules away; what is not there is not told of. */
export function removeChains(config: ChainConfig): void {
  for (const change of removals(chainRules(config, legacyTables()))) {
    if (apply(change) === undefined) say(change.what);
  }
}

/** A chain, or all of a table, as the tool prints it; nothing where there is none. */
function list(tool: string, table: string, ...chain: readonly string[]): string | undefined {
  return output([tool, '-w', '2', '-t', table, '-S', ...chain]);
}
