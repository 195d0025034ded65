import type { Change } from '../change.ts';
import { STATE_DIR } from '../status/status-file.ts';
import { attempt } from '../system/command.ts';
import { replaceFile } from '../system/files.ts';
import { chainsIn, hasAllRules, markOf, type Table, tablesOf } from './rule-text.ts';
import type { Journal } from './journal.ts';

/**
 * A set of rules: it declares tables of its own and is loaded in one transaction. There is `rules`, which is rendered,
 * and there are those that the agent writes, of what only the node knows; a change of one leaves the counters of the
 * others alone. The tables of `rules` bear the network's name; those of another set that name, an underscore, which no
 * name of a network has, and the set's.
 */
export interface RuleSet {
  readonly name: string;
  readonly text: string;
  /** Whether nft has taken it. */
  readonly isLoaded: boolean;
  /** Its chains as they were when it was loaded, except for counters; nothing before they were listed. */
  readonly chains?: string;
  /** Whether its tables tell of that to the agents that come after this one. */
  readonly isMarked?: boolean;
  /** Whether this agent has loaded another text of it before: then no earlier agent can have loaded this one. */
  readonly isSuccessor: boolean;
}

/**
 * Loads a set unless its tables are as they were when it was loaded, whoever loaded it: loading sets the counters back.
 *
 * @param seen what nft has just listed of the chains of all sets, if it has
 */
export function keepRuleSet(journal: Journal, set: RuleSet, seen?: string): RuleSet {
  const { text, isLoaded, isSuccessor } = set;
  const tables = tablesOf(text);
  const listing = (isLoaded ? seen : undefined) ?? list(tables);
  const chains = chainsIn(listing, tables);
  if (isLoaded && (set.chains === undefined ? hasAllRules(text, chains) : chains === set.chains)) {
    return { ...set, chains };
  }
  const isAdopted = !isLoaded && !isSuccessor && listing.includes(`chain ${markOf(text, chains)} {`);
  if (isAdopted) return { ...set, isLoaded: true, chains, isMarked: true };
  const [loaded = set] = loadRuleSets(journal, [set]);
  return loaded.isLoaded ? markRuleSet({ ...loaded, chains: chainsIn(list(tables), tables) }) : loaded;
}

/**
 * Loads sets in one transaction. That nft has taken them is enough for now: to list the rules of hundreds of pods takes
 * as long as to load them.
 */
export function loadRuleSets(journal: Journal, sets: readonly RuleSet[]): readonly RuleSet[] {
  const names = sets.map(({ name }) => name);
  const path = `${STATE_DIR}/${names[0]}.nft`;
  replaceFile(path, sets.map(({ text }) => `${text.trimEnd()}\n`).join(''));
  const what = names[0] === 'rules' ? 'packet filter rules loaded' : `packet filter rules loaded: ${names.join(' ')}`;
  const change: Change = { what, command: ['nft', '-f', path], keepsLinks: true };
  // What was not wanted before is no repair.
  const isLoaded = journal.change(change, sets.some((set) => set.isLoaded) ? undefined : true);
  return sets.map(({ name, text, isSuccessor }) => ({ name, text, isLoaded, isSuccessor }));
}

/** An empty chain that nothing uses carries the fingerprint to the agents that come after this one. */
export function markRuleSet(set: RuleSet): RuleSet {
  const { text, chains, isMarked } = set;
  const [first] = tablesOf(text);
  if (isMarked || chains === undefined || first === undefined) return set;
  attempt(['nft', 'add', 'chain', first.family, first.name, markOf(text, chains)]);
  return { ...set, isMarked: true };
}

function list(tables: readonly Table[]): string {
  return tables.map(({ family, name }) => attempt(['nft', '-s', 'list', 'table', family, name]).answer).join('\n');
}
