import { attempt, firstLine } from '../system/command.ts';
import { replaceFile } from '../system/files.ts';
import { say } from '../system/process.ts';
import { STATE_DIR } from '../status/status-file.ts';

const FAULT = 'the packet filter rules cannot be loaded';

const FILE = `${STATE_DIR}/rules.nft`;

/** What stands in for rules that do not load: nothing is forwarded. */
const CLOSED = `add table inet gateway_closed
add chain inet gateway_closed forward { type filter hook forward priority filter; policy drop; }`;

export interface PacketFilter {
  /**
   * Loads rules, in one transaction, unless they are loaded and their tables are as they were then. Connections go on,
   * and keep their translations: those are no part of the tables.
   */
  readonly keep: (rules: string) => Filtered;
}

export interface Filtered {
  /** Why the rules do not load. */
  readonly fault: string | undefined;
  /** Whether the kernel has rules of ours, if only those of before. */
  readonly isThere: boolean;
}

export function packetFilter(): PacketFilter {
  let applied: string | undefined;
  let kept = '';
  const isKept = () => applied !== undefined && listTables(applied) === kept;
  const closeUnlessKept = () => {
    const isThere = isKept();
    if (!isThere) attempt(['nft', CLOSED]);
    return isThere;
  };
  return {
    keep: (rules) => {
      if (rules === applied && isKept()) return { fault: undefined, isThere: true };
      if (tablesOf(rules).length === 0)
        return { fault: `${FAULT}: rules.nft has no table`, isThere: closeUnlessKept() };
      // A copy, so that the rules that were read are those that are loaded, whatever has become of the ConfigMap.
      replaceFile(FILE, rules);
      const { succeeded, answer } = attempt(['nft', '-f', FILE]);
      if (succeeded) {
        say('packet filter rules loaded');
        applied = rules;
        kept = listTables(rules);
        attempt(['nft', 'add table inet gateway_closed; delete table inet gateway_closed']);
        return { fault: undefined, isThere: true };
      }
      return { fault: `${FAULT}: ${firstLine(answer)}`, isThere: closeUnlessKept() };
    },
  };
}

/** The tables that rules declare, as the kernel has them, without counters and what sets have been filled with. */
function listTables(rules: string): string {
  return tablesOf(rules)
    .map((table) => attempt(['nft', '-s', '-t', 'list', 'table', ...table]).answer)
    .join('\n');
}

/** Family and name of each. */
function tablesOf(rules: string): readonly (readonly string[])[] {
  return [...rules.matchAll(/^table (\S+) (\S+)/gm)].map(([, ...table]) => table);
}
