import type { Change } from '../change.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import { STATE_DIR } from '../status/status-file.ts';
import { dropsIn } from '../status/drops.ts';
import { attempt, output } from '../system/command.ts';
import { now } from '../system/clock.ts';
import { replaceFile } from '../system/files.ts';
import { chainQuestions, chainRules } from './chain-rules.ts';
import { keepChains, legacyTables, lookAtLegacy, removeChains } from './foreign-chains.ts';
import { keepRuleSet, loadRuleSets, markRuleSet, type RuleSet } from './rule-set.ts';
import { ownTables, questionsOf, type Table, tablesOf } from './rule-text.ts';
import type { Journal } from './journal.ts';

const SILENT = 'nft has no interactive mode';
const QUESTIONS = `${STATE_DIR}/questions`;
/** That of all our tables' names. */
const PREFIX = 'gwn_';

/**
 * How long rules that were loaded wait until they are listed, in milliseconds: from the last load, and from the first.
 * Pods may come by the hundred, with each the rules are others, and to list them takes as long as to load them.
 */
const PEACE = 2000;
const AT_THE_LATEST = 15_000;

/** Our nftables tables, and our rules in the chains of others. */
export class RuleSets {
  private readonly sets = new Map<string, RuleSet>();
  /** The sets that change with each pod. */
  private readonly changing = new Set<string>();
  private config: AgentConfig | undefined;
  /** What a look has shown when all was found to be as wanted; nothing where that is not so, or not known. */
  private kept: string | undefined;
  private before: string | undefined;
  private notes: readonly string[] = [];
  private hasQuestions = false;
  private isSuspect = false;
  private hasTidied = false;
  private hasTidiedChains = false;
  /** When {@link load} has loaded a set that was not listed since: first, and last. */
  private unlisted: { readonly since: number; readonly until: number } | undefined;
  private readonly interval: number;

  /** @param interval how long it takes, at the most, until there is another pass, in seconds */
  constructor(interval: number) {
    this.interval = interval;
  }

  /** Says what a set has to be from now on. */
  want(set: string, text: string): void {
    const before = this.sets.get(set);
    if (before?.text === text) return;
    this.sets.set(set, { name: set, text, isLoaded: false, isSuccessor: before !== undefined });
    [this.kept, this.hasQuestions] = [undefined, false];
  }

  /** The name of the network's tables, such as `gwn_vpn`. */
  name(): string {
    return tablesOf(this.sets.get('rules')?.text ?? '')[0]?.name ?? '';
  }

  /** Whether a set is in the kernel, as it was wanted last. */
  isLoaded(set: string): boolean {
    return this.sets.get(set)?.isLoaded ?? false;
  }

  /**
   * Loads at once those of some sets that are not loaded, and gives whether they are. That nothing has changed them
   * since is seen to later, once for all that are loaded in a while.
   */
  load(journal: Journal, ...names: readonly string[]): boolean {
    for (const name of names) this.changing.add(name);
    const missing = names.flatMap((name) => this.sets.get(name) ?? []).filter(({ isLoaded }) => !isLoaded);
    for (const set of missing) if (!set.isSuccessor) this.sets.set(set.name, keepRuleSet(journal, set));
    const successors = missing.filter(({ isSuccessor }) => isSuccessor);
    if (successors.length > 0) {
      for (const set of loadRuleSets(journal, successors)) this.sets.set(set.name, set);
      const time = now();
      this.unlisted = { since: this.unlisted?.since ?? time, until: time + PEACE };
    }
    return names.every((name) => this.isLoaded(name));
  }

  /** Whether rules are being loaded again and again just now: they are looked at afterwards. */
  isBusy(): boolean {
    if (this.unlisted === undefined) return false;
    const { since, until } = this.unlisted;
    return now() < Math.min(until, since + AT_THE_LATEST);
  }

  /**
   * Keeps all. They are asked about in full only when a look has shown something else than when all was found as
   * wanted.
   */
  keep(journal: Journal, config: AgentConfig): void {
    if (config !== this.config) [this.kept, this.hasQuestions, this.hasTidiedChains] = [undefined, false, false];
    this.config = config;
    this.load(journal, ...this.changing);
    const areLoaded = [...this.sets.values()].every(({ isLoaded }) => isLoaded);
    if ((this.kept === undefined || this.isSuspect) && !(areLoaded && this.isBusy())) this.keepAll(journal, config);
    for (const note of this.notes) journal.note(note);
  }

  private keepAll(journal: Journal, config: AgentConfig): void {
    [this.isSuspect, this.unlisted] = [false, undefined];
    const seen = this.look();
    if (seen === this.kept) return;
    const count = journal.count();
    const answer = this.isAnswer(seen) ? seen : undefined;
    for (const [name, set] of this.sets) this.sets.set(name, keepRuleSet(journal, set, answer));
    this.notes = keepChains(journal, config, !this.hasTidiedChains);
    [this.kept, this.hasTidiedChains] = [undefined, true];
    // What was just changed is looked at once more in the next pass.
    if (journal.count() !== count) return;
    for (const [name, set] of this.sets) this.sets.set(name, markRuleSet(set));
    if (answer !== undefined) this.kept = answer;
    else this.notes = [...this.notes, `${SILENT}: that a rule is gone is noticed only within ${this.interval} seconds`];
  }

  /** Has the next {@link keep} look. */
  suspect(): void {
    this.isSuspect = true;
  }

  /**
   * Looks whether our rules are other than they were found to be as wanted, and has then the next {@link keep} look.
   */
  haveChanged(): boolean {
    if (this.unlisted !== undefined) return true;
    const seen = this.look();
    // What looks as before need not be right: a rule may have gone while another was put back.
    const hasChanged = seen !== this.kept && (this.isAnswer(seen) || seen !== this.before);
    this.before = seen;
    this.isSuspect ||= hasChanged;
    return hasChanged;
  }

  /** Whether nft has told of our tables at all. */
  private isAnswer(seen: string): boolean {
    return tablesOf(seen).some((table) => table.name === this.name());
  }

  /** Prints our chains, and those of others that we have a rule in, except for their counters. */
  private look(): string {
    return (this.config ? lookAtLegacy(this.config) : '') + this.ask('-s');
  }

  /**
   * Asks nft about our chains. One process answers all the questions, as if they were typed (nft 1.0.6 answers only the
   * first of a file).
   */
  private ask(...options: readonly string[]): string {
    if (!this.hasQuestions) {
      const ours = [...this.sets.values()].flatMap(({ text }) => questionsOf(text));
      const others = this.config ? chainQuestions(chainRules(this.config, legacyTables())) : [];
      this.hasQuestions = replaceFile(QUESTIONS, [...ours, ...others, ''].join('\n'));
    }
    return answers(options);
  }

  /** How many packets our rules have dropped, by the reason. */
  drops(): ReadonlyMap<string, number> {
    return dropsIn(this.ask(), PREFIX);
  }

  /** Deletes, once, the tables of ours that no set has. Those of an awaited set that is still to come stay. */
  tidy(journal: Journal, awaited: readonly string[]): void {
    if (this.hasTidied || awaited.some((set) => !this.sets.has(set))) return;
    this.hasTidied = true;
    const wanted = [...this.sets.values()].flatMap(({ text }) => tablesOf(text));
    const isWanted = (table: Table) => wanted.some((one) => one.family === table.family && one.name === table.name);
    for (const table of allTables(this.name())) if (!isWanted(table)) journal.change(deletion(table));
  }

  /** Takes all away, by the text of the set `rules`. */
  takeDown(journal: Journal, text: string, config: AgentConfig): void {
    const [first] = tablesOf(text);
    for (const table of first ? allTables(first.name) : []) journal.change(deletion(table));
    removeChains(config);
  }
}

/** What nft answers to the questions that were written last. */
function answers(options: readonly string[]): string {
  // With that home it finds no place for its history.
  return attempt(['nft', ...options, '-i'], { input: QUESTIONS, environment: { HOME: '/dev/null' } }).answer;
}

/** How many packets the rules of the agent that runs here have dropped, by the reason: it leaves its questions. */
export function dropsOfRunningAgent(): ReadonlyMap<string, number> {
  return dropsIn(answers([]), PREFIX);
}

function allTables(name: string): readonly Table[] {
  return ownTables(output(['nft', 'list', 'tables']) ?? '', name);
}

function deletion({ family, name }: Table): Change {
  return { what: `table ${family} ${name} deleted`, command: ['nft', 'delete', 'table', family, name] };
}
