import { uptime } from '../system/clock.ts';
import { attempt } from '../system/command.ts';
import { variable } from '../system/process.ts';
import { type Charge, judgeCharge, keptOtherwise } from './charge.ts';
import { formerBridges, replaceBridge, tidyVxlans } from './former.ts';
import type { Journal } from './journal.ts';
import { portsOf } from './link.ts';
import { foreignMark, formerLinks, isOurs, type Names, otherHolder } from './names.ts';
import type { NodeState } from './node.ts';

/**
 * For how long, in seconds, links of names that an agent has found when it started may come again: whose they were may
 * still be there.
 */
const TIDY_FOR = Number(variable('TIDY_FOR') ?? 60);

/** The agent's time in charge of the node: from when it takes the bridge over until another does, or all is removed. */
export class Tenure {
  /** Whether this agent has kept the bridge. */
  claimed = false;
  /** The pod of the agent that has taken the bridge over. */
  superseded: string | undefined;
  private tidied = false;
  private began: { readonly at: number; readonly leftBehind: readonly string[] } | undefined;

  private readonly node: NodeState;
  private readonly journal: Journal;

  constructor(node: NodeState, journal: Journal) {
    this.node = node;
    this.journal = journal;
  }

  /** Whether the bridge may be made or changed by this agent. */
  isOwn(names: Names): boolean {
    this.superseded = undefined;
    const { node } = this;
    const charge = judgeCharge(node.links(), names, this.claimed, (bridge) => node.detailedPorts(bridge));
    if (charge.type === 'Own') return this.journal.changeAll(charge.changes);
    if (charge.type === 'Refused') this.journal.fault(charge.fault);
    else this.yieldTo(charge);
    return false;
  }

  /** Whether another agent has come since the pass began. */
  isOver(names: Names): boolean {
    const bridge = this.node.link(names.bridge);
    const by = bridge && otherHolder(bridge, names);
    if (by !== undefined) this.yieldTo({ type: 'Superseded', by });
    else if (bridge === undefined && this.claimed) this.yieldTo(keptOtherwise(this.node.links(), names));
    return this.superseded !== undefined;
  }

  /** Whether the bridge is that of another network, or of one that was rendered alike for another namespace. */
  isForeign(names: Names): boolean {
    const bridge = this.node.link(names.bridge);
    return bridge !== undefined && foreignMark(bridge, names) !== undefined;
  }

  private yieldTo(charge: Charge | undefined): void {
    if (charge?.type !== 'Superseded') return;
    this.superseded = charge.by;
    this.journal.fault(`superseded: the agent ${charge.by} keeps this node now`);
  }

  /** Takes over VXLANs of other names. */
  tidyVxlans(names: Names): void {
    if (this.tidied) return;
    const former = formerLinks(this.node.links(), names).map(({ name }) => name);
    this.began ??= { at: uptime(), leftBehind: former };
    for (const change of tidyVxlans(this.node.links(), names, this.began.leftBehind)) this.journal.change(change);
  }

  /**
   * Takes over bridges of other names. An agent that still keeps one may have made it anew, so this is done for a
   * while.
   */
  tidyBridges(names: Names): void {
    if (this.tidied || this.began === undefined) return;
    const { at, leftBehind } = this.began;
    this.tidied = leftBehind.length === 0 || uptime() - at >= TIDY_FOR;
    for (const bridge of formerBridges(this.node.links(), names, leftBehind)) {
      const changes = replaceBridge(bridge, this.node.detailedPorts(bridge.name), names);
      if (this.journal.changeAll(changes)) continue;
      this.tidied = false;
      this.journal.note(`${bridge.name} was this network's bridge and still has pods`);
    }
  }

  /** Whether pods are attached to a bridge of ours. */
  carriesPods(names: Names): boolean {
    const links = this.node.links();
    const former = formerLinks(links, names).map(({ name }) => name);
    return [names.bridge, names.entry, ...former].some((name) => {
      const bridge = this.node.link(name);
      if (bridge?.kind !== 'bridge' || !isOurs(bridge, names)) return false;
      return portsOf(links, bridge.name).some(({ kind }) => kind !== 'vxlan');
    });
  }

  /** Lets go of the links: by a mark that names no pod, of which nothing is told. */
  release(names: Names): void {
    for (const name of [names.bridge, names.vxlan, names.entry]) {
      const link = this.node.link(name);
      if (link && isOurs(link, names)) attempt(['ip', 'link', 'set', 'dev', link.name, 'alias', names.mark]);
    }
    this.node.forget();
  }

  /** Deletes the links that are ours. */
  deleteLinks(names: Names): void {
    const former = formerLinks(this.node.links(), names).map(({ name }) => name);
    for (const name of [names.vxlan, ...former, names.bridge, names.entry]) {
      const link = this.node.link(name);
      if (link === undefined || !isOurs(link, names)) continue;
      this.journal.change({ what: `${link.name}: deleted`, command: ['ip', 'link', 'del', 'dev', link.name] });
    }
  }
}
