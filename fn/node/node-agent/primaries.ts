import type { AgentConfig } from '../config/agent-config.ts';
import { output } from '../system/command.ts';
import type { Journal } from './journal.ts';
import type { Link } from './link.ts';
import { type Attached, findPrimaries, stillThere } from './primary-links.ts';
import { type Limits, limitedIn, primaryRules } from './primary-rules.ts';
import type { RuleSets } from './rule-sets.ts';
import { tunnelPorts } from './tunnels.ts';

/** What the configuration says of the rules. */
type Configured = Pick<Limits, 'primary' | 'subnets'>;

const SET = 'primary';

/** Holds clients to what they may send by their primary interface, whatever they ask of it: the second layer. */
export class Primaries {
  /** What is limited; nothing before the kernel was asked what an earlier agent has left. */
  private limited: readonly Link[] | undefined;

  private readonly rules: RuleSets;

  constructor(rules: RuleSets) {
    this.rules = rules;
  }

  /** At the begin of a pass: what is gone is wanted no more, and rules about it might not load. */
  begin({ primary, attachments }: AgentConfig, links: readonly Link[]): void {
    if (primary === undefined || attachments === undefined) return;
    this.want({ primary, subnets: attachments.subnets }, links, this.present(links));
  }

  /** Whether pods are still held that an agent has to be there for. */
  holds(links: readonly Link[]): boolean {
    return this.present(links).length > 0;
  }

  /** Wants those limited whose ports are there. */
  limit(journal: Journal, limits: Configured, attached: Attached): void {
    const found = findPrimaries(attached, this.present(attached.links));
    this.want(limits, attached.links, found.links);
    if (found.missing > 0) {
      const pods = found.missing === 1 ? '1 pod has' : `${found.missing} pods have`;
      journal.note(`${pods} no primary interface that ends on the node: what leaves there is not looked at`);
    }
  }

  private want(limits: Configured, all: readonly Link[], limited: readonly Link[]): void {
    this.limited = limited;
    this.rules.want(SET, primaryRules({ ...limits, table: this.table(), tunnelPorts: tunnelPorts(all) }, limited));
  }

  private present(links: readonly Link[]): readonly Link[] {
    if (this.limited !== undefined) return stillThere(links, this.limited);
    const names = new Set(limitedIn(output(['nft', 'list', 'table', 'netdev', this.table()]) ?? ''));
    return links.filter(({ name }) => names.has(name));
  }

  private table(): string {
    return `${this.rules.name()}_${SET}`;
  }
}
