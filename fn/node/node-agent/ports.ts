import type { AgentConfig, Attachments, Primary } from '../config/agent-config.ts';
import { uptime } from '../system/clock.ts';
import { exists } from '../system/files.ts';
import { variable } from '../system/process.ts';
import { attachmentFiles } from './attachment-files.ts';
import { closedFindings, knowsNobody, nobodyFault, type Waiting, waitingSince } from './closed-ports.ts';
import { type Identity, judge, type Judgement } from './identities.ts';
import type { Journal } from './journal.ts';
import type { Link } from './link.ts';
import { closePorts, openPorts, type Places, podPorts, portsIn } from './port-changes.ts';
import { portRules } from './port-rules.ts';
import type { Primaries } from './primaries.ts';
import type { RuleSets } from './rule-sets.ts';

/** How long, in seconds, a port may be without a file before that is told: its plugins are still at work. */
const FILE_GRACE = Number(variable('FILE_GRACE') ?? 5);

/** What a port is judged by. */
interface Given {
  readonly cniResults: string;
  readonly attachments: Attachments;
  readonly primary: Primary;
}

/**
 * Whose each port is. CNI plugins attach pods to the bridge `entry`, which leads nowhere. What they have given a pod
 * stands in the files that Multus has libcni keep; a port whose pod is known from there gets rules that hold it to its
 * MAC address and its addresses, and then its place on the network's bridge. A pod that took what was not given to it
 * stays where it is.
 */
export class Ports {
  /** How many are closed. */
  closed = 0;
  private settled: readonly unknown[] = [];
  private judgement: Judgement = { bound: [], refused: [], waiting: [], routers: new Set() };
  private waiting: Waiting = new Map();
  private readonly files = attachmentFiles();

  private readonly rules: RuleSets;
  private readonly primaries: Primaries;
  private readonly namespace: string;
  private readonly lookSoon: () => void;

  /**
   * @param namespace that of the network's pods
   * @param lookSoon has the ports looked at again in a moment: plugins tell nobody when they are done
   */
  constructor(rules: RuleSets, primaries: Primaries, namespace: string, lookSoon: () => void) {
    this.rules = rules;
    this.primaries = primaries;
    this.namespace = namespace;
    this.lookSoon = lookSoon;
  }

  /** The names of those of routers. */
  routers(): ReadonlySet<string> {
    return new Set(this.judgement.bound.flatMap(({ port, isRouter }) => (isRouter ? [port] : [])));
  }

  /** The clients that are on the network. */
  clients(): readonly Identity[] {
    return this.judgement.bound.filter(({ isRouter }) => !isRouter);
  }

  /** Opens the ports whose pods are known, and closes all others. */
  keep(journal: Journal, config: AgentConfig, links: readonly Link[]): void {
    const { bridge, entry, portGroup, overlay, cniResults, attachments, primary } = config;
    if (entry === undefined || cniResults === undefined || attachments === undefined || primary === undefined) return;
    const places = { bridge, entry, portGroup, vxlan: overlay?.device };
    const all = portsIn(places, links);
    const shown = all.map(({ name, index, mac, master, group }) => [name, index, mac, master, group].join(' '));
    const seen = [shown.join('\n'), attachments];
    if (this.waiting.size > 0 || seen.some((each, index) => each !== this.settled[index])) {
      const isSettled = this.settle(journal, { cniResults, attachments, primary }, places, links);
      this.settled = isSettled ? seen : [];
      if (isSettled === undefined) return;
    } else {
      this.limit(journal, { cniResults, attachments, primary }, places, links);
    }
    this.tellClosed(journal, cniResults);
  }

  /**
   * Judges the ports, and gives whether that is settled: what was just changed is looked at once more in the next pass.
   */
  private settle(journal: Journal, given: Given, places: Places, links: readonly Link[]): boolean | undefined {
    const before = journal.count();
    const ports = portsIn(places, links);
    const pods = podPorts(ports, places);
    const attachments = this.files.read(given.cniResults, new Set(pods.map(({ name }) => name)));
    this.judgement = judge(given.attachments, this.namespace, pods, attachments);
    this.waiting = waitingSince(this.judgement.waiting, this.waiting, uptime());
    if (knowsNobody(places, ports, this.judgement)) {
      journal.fault(nobodyFault(given.cniResults));
      return undefined;
    }
    const bound = new Set(this.judgement.bound.map(({ port }) => port));
    for (const change of closePorts(places, ports, bound)) journal.change(change);
    const table = { table: `${this.rules.name()}_ports`, group: places.portGroup, vxlan: places.vxlan };
    this.rules.want('ports', portRules(table, this.judgement.bound));
    // Before a pod can talk on the network, it is held to what is its own, and at its primary interface.
    if (!this.limit(journal, given, places, links)) return undefined;
    // A port that is attached does not count as a repair.
    for (const change of openPorts(places, ports, bound)) journal.change(change, true);
    return journal.count() === before;
  }

  /**
   * Limits clients at their primary interface, and loads the rules of all ports. The links of pods come and go: where
   * the rules do not load, they do in a moment.
   */
  private limit(journal: Journal, { primary, attachments }: Given, places: Places, links: readonly Link[]): boolean {
    const ends = (names: ReadonlySet<string>) => this.files.ends(primary.interface, names);
    const attached = { links, places, routers: this.judgement.routers, ends };
    this.primaries.limit(journal, { primary, subnets: attachments.subnets }, attached);
    const isDone = this.rules.load(journal, 'primary', 'ports');
    if (!isDone) this.lookSoon();
    return isDone;
  }

  private tellClosed(journal: Journal, folder: string): void {
    const { refused, waiting } = this.judgement;
    const now = uptime();
    const late = waiting.filter((port) => now - (this.waiting.get(port) ?? now) >= FILE_GRACE);
    const { faults, notes } = closedFindings(this.judgement, late, { path: folder, exists: exists(folder) });
    for (const note of notes) journal.note(note);
    for (const fault of faults) journal.fault(fault);
    this.closed = refused.length + waiting.length;
    if (late.length < waiting.length) this.lookSoon();
  }
}
