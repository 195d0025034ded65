import type { Reporter } from '../status/status-file.ts';
import { after, sleep, uptime } from '../system/clock.ts';
import { exit, say, variable } from '../system/process.ts';
import { entryFilter, mattersOfLinks } from './concern.ts';
import { repeatedly, waker, watch } from './events.ts';
import { Journal } from './journal.ts';
import { NodeState } from './node.ts';
import { OverlayKeeper } from './overlay.ts';
import { keepNode, type Keepers } from './pass.ts';
import { MetricsFile } from './metrics.ts';
import { Ports } from './ports.ts';
import { Primaries } from './primaries.ts';
import { RuleSets } from './rule-sets.ts';
import { watchRules } from './rule-watch.ts';
import type { Settings, SettingsReading } from './settings.ts';
import { clientsOf } from './pool-use.ts';
import { discoverPeers } from './discovery.ts';
import { takeDown } from './take-down.ts';
import { Tenure } from './tenure.ts';

/** How often, in seconds, everything is looked at though nothing was told. */
export const INTERVAL = Number(variable('INTERVAL') ?? 15);

/** How long, in seconds, an agent that has to end waits for the pods on its bridge or for its successor. */
const LEAVE_TIMEOUT = Number(variable('LEAVE_TIMEOUT') ?? 50);

/**
 * How often, in milliseconds, the agent looks whether its ConfigMap is another: kubelet itself takes up to a minute.
 */
const CONFIG_EVERY = 5000;

/**
 * How often, in seconds, our rules are looked at though nobody has told of a change: with hundreds of peers that costs
 * more than all the rest of a pass.
 */
const RULES_EVERY = 60;

/**
 * When a port is looked at again whose plugins are still at work, in milliseconds: they tell nobody when they are done.
 */
const SOON = 100;

/** An agent that has settings: its passes, what wakes it, and its end. */
export class Agent {
  private readonly journal: Journal;
  private readonly keepers: Keepers;
  private readonly metrics = new MetricsFile();
  private readonly waker = waker(() => this.pass());
  private readonly stops: (() => void)[] = [];
  private fault: string | undefined;
  private outdated = 0;
  private isLeaving = false;
  private settings: Settings;
  private readonly read: () => SettingsReading;
  private readonly reporter: Reporter;

  constructor(settings: Settings, read: () => SettingsReading, reporter: Reporter) {
    this.settings = settings;
    this.read = read;
    this.reporter = reporter;
    const { names, namespace } = settings;
    const node = new NodeState([names.bridge, names.entry, names.vxlan]);
    const journal = new Journal(() => node.forget());
    const rules = new RuleSets(INTERVAL);
    const lookup = discoverPeers(
      settings,
      node,
      () => overlay.device,
      () => this.waker.wake('event'),
    );
    const overlay = new OverlayKeeper(node, journal, rules, lookup);
    const tenure = new Tenure(node, journal);
    const lookSoon = () => void after(SOON, () => this.waker.wake('event'));
    this.journal = journal;
    const primaries = new Primaries(rules);
    const ports = new Ports(rules, primaries, namespace, lookSoon);
    this.keepers = { node, journal, tenure, rules, overlay, lookup, ports, primaries };
  }

  /** Makes passes until it is told to leave: at once, again and again, and when something happens. */
  async run(): Promise<void> {
    const { lookup, rules } = this.keepers;
    if (lookup) this.stops.push(lookup.stop);
    await lookup?.first();
    if (this.isLeaving) return;
    let lookedAt = 0;
    const look = () => {
      if (uptime() - lookedAt >= RULES_EVERY) {
        lookedAt = uptime();
        rules.suspect();
      }
      this.waker.wake('event');
    };
    this.listen();
    this.stops.push(
      repeatedly(INTERVAL * 1000, look),
      repeatedly(CONFIG_EVERY, () => this.lookAtConfig()),
    );
    look();
  }

  private listen(): void {
    const { settings, keepers, waker: own } = this;
    const { names, portGroup, config } = settings;
    const managesLegacy = () => this.settings.config.iptablesLegacy === 'Manage';
    this.stops.push(
      watch(['ip', '-o', 'monitor', 'link', 'address'], (lines) => {
        if (own.isAwake()) return;
        if (mattersOfLinks(lines, { names, portGroup, underlay: keepers.overlay.device })) own.wake('event');
      }),
      watchRules(keepers.rules, managesLegacy, () => own.wake('rules')).stop,
    );
    if (config.overlay === undefined) return;
    const matters = entryFilter(config.overlay.device);
    const onLines = (lines: string) => {
      if (!own.isAwake() && matters.test(lines)) own.wake('event');
    };
    this.stops.push(watch(['bridge', 'monitor', 'fdb'], onLines));
  }

  private lookAtConfig(): void {
    const { settings, fault } = this.read();
    if (settings !== this.settings || fault !== this.fault) this.waker.wake('event');
  }

  /** Makes one pass, and says what it has found. */
  private pass(): void {
    const { journal, keepers, reporter } = this;
    const { settings = this.settings, fault } = this.read();
    if (settings !== this.settings) journal.due = true;
    [this.settings, this.fault] = [settings, fault];
    keepers.node.forget();
    journal.begin();
    if (fault !== undefined) journal.fault(fault);
    if (this.isLeaving) journal.fault('leaving: pods are attached');
    try {
      this.outdated = keepNode(this.current(), keepers) ?? this.outdated;
    } catch (error) {
      // Such as an answer of a tool that is none: the next pass may find another.
      journal.fault(`failed: ${String(error)}`);
    }
    // The file is that of whose the node is.
    if (keepers.tenure.superseded === undefined && !keepers.tenure.isForeign(settings.names)) this.measure();
    reporter.report(journal, settings.fingerprint);
    if (journal.faults.length === 0) journal.due = false;
  }

  /** What the agent is told; when it leaves, its links are nobody's. */
  private current(): Settings {
    const { names } = this.settings;
    return this.isLeaving ? { ...this.settings, names: { ...names, mark: names.released } } : this.settings;
  }

  private measure(): void {
    const { settings, journal, keepers } = this;
    const { network, entry, attachments } = settings.config;
    this.metrics.write(journal, settings.config, () => ({
      network,
      configuration: settings.fingerprint,
      isReady: journal.faults.length === 0,
      repairs: journal.repairs,
      peers: keepers.overlay.peerCount,
      outdated: this.outdated,
      closed: entry === undefined ? undefined : keepers.ports.closed,
      ...clientsOf(entry === undefined ? undefined : keepers.ports.clients(), attachments?.pool ?? []),
      drops: keepers.rules.drops(),
    }));
  }

  /**
   * Lets go of the node without leaving its pods alone, as long as there is time: until the next agent has taken
   * charge, or the last pod is gone.
   */
  async leave(): Promise<void> {
    if (this.isLeaving) return;
    for (const stop of [this.waker.stop, ...this.stops]) stop();
    const { node, tenure, rules, primaries } = this.keepers;
    tenure.claimed = true;
    this.endWhereSuperseded();
    this.isLeaving = true;
    const settings = this.current();
    const { names } = settings;
    tenure.release(names);
    const deadline = uptime() + LEAVE_TIMEOUT;
    const isNeeded = () => tenure.carriesPods(names) || primaries.holds(node.links());
    for (; uptime() < deadline && isNeeded(); node.forget()) {
      rules.suspect();
      this.pass();
      if (tenure.superseded !== undefined) {
        say(`${names.bridge}: left to ${tenure.superseded}`);
        exit(0);
      }
      await sleep(1000);
    }
    // Another may have come just now, and made everything its own.
    this.endWhereSuperseded();
    if (!tenure.isForeign(names)) this.metrics.remove(settings.config);
    takeDown(settings, this.keepers);
    exit(0);
  }

  private endWhereSuperseded(): void {
    const { node, tenure } = this.keepers;
    node.forget();
    this.journal.begin();
    tenure.isOwn(this.current().names);
    if (tenure.superseded !== undefined) exit(0);
  }
}
