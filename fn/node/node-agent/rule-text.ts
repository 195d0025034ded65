import { fingerprint } from '../config/fingerprint.ts';

/** A table of nftables. */
export interface Table {
  readonly family: string;
  readonly name: string;
}

/** The tables that a rule set declares, each once, in its order. */
export function tablesOf(text: string): readonly Table[] {
  // A regular expression would look at each of some hundred thousand characters by itself.
  return `\n${text}`
    .split('\ntable ')
    .slice(1)
    .map((rest) => {
      const [family = '', name = ''] = rest.slice(0, 300).split(/\s+/, 2);
      return { family, name };
    });
}

/**
 * The questions that nft answers with the chains, sets and maps of a rule set. They are asked for one by one: what that
 * costs does not grow with the rules of others, what it costs to list a table does (nft 1.0.6 reads all chains of the
 * node for it).
 */
export function questionsOf(text: string): readonly string[] {
  let table = '';
  return text.split('\n').flatMap((line) => {
    // A rule may have hundreds of addresses.
    const [word, first, second] = line.slice(0, 300).trim().split(/\s+/);
    if (word === 'table') table = `${first} ${second}`;
    return word === 'chain' || word === 'set' || word === 'map' ? [`list ${word} ${table} ${first}`] : [];
  });
}

const MARK = 'as_loaded_';

/**
 * The name of a chain that tells of what was loaded: the text of the set, and what the kernel has made of it.
 *
 * @param chains as {@link chainsIn} has them
 */
export function markOf(text: string, chains: string): string {
  return `${MARK}${fingerprint(`${text.trim()}\n${chains}`)}`;
}

/**
 * The chains of tables in what nft lists of them, whether it was asked for the tables or for one chain after the other;
 * without those that {@link markOf} names. Each chain and each rule is a line.
 */
export function chainsIn(listing: string, tables: readonly Table[]): string {
  const begins = new Set(tables.map(({ family, name }) => `table ${family} ${name} {`));
  let [isWanted, isMark] = [false, false];
  const lines = listing.split('\n').filter((line) => {
    if (line.startsWith('table ')) isWanted = begins.has(line);
    if (line.startsWith('\tchain ')) isMark = line.startsWith(`\tchain ${MARK}`);
    return isWanted && !isMark && line.startsWith('\t');
  });
  return lines.join('\n');
}

/** Whether chains of the tables of a set have as many rules as its text. */
export function hasAllRules(text: string, chains: string): boolean {
  return chainsIn(text, tablesOf(text)).split('\n').length === chains.split('\n').length;
}

/**
 * Those of a network among the tables that `nft list tables` prints: they bear its name, or begin with that and an
 * underscore.
 */
export function ownTables(listing: string, name: string): readonly Table[] {
  return tablesOf(listing).filter((table) => table.name === name || table.name.startsWith(`${name}_`));
}
