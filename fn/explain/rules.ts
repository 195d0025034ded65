import type { RoutedPacket } from './packet.ts';
import { matchOf } from './rule-match.ts';

/** The chains of a table, each with its lines. */
export type Chains = ReadonlyMap<string, readonly string[]>;

/** What becomes of a packet in a chain, and by which rule. */
export interface Verdict {
  readonly passes: boolean;
  /** Of which protocol and port the packet has to be for this; nothing where that does not matter. */
  readonly condition?: string;
  /** The rule, as it is in the table. */
  readonly rule: string;
  /** The comment of the rule: of one that drops, the reason. */
  readonly reason?: string;
}

/** Reads one table of the rules of a network. */
export function readChains(text: string, table: string): Chains {
  const start = text.indexOf(`\ntable ${table} {\n`);
  const body = start < 0 ? '' : text.slice(start, text.indexOf('\n}', start));
  const chains = body.matchAll(/^\tchain (\S+) \{\n([^]*?)^\t\}/gm);
  return new Map(
    Array.from(chains, ([, name = '', lines = '']) => [
      name,
      lines
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    ]),
  );
}

/**
 * What becomes of a packet in a chain: the verdicts of rules for some protocols or ports, where those are not known,
 * and behind them that for all else.
 */
export function verdictsOf(chains: Chains, chain: string, packet: RoutedPacket): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const line of chains.get(chain) ?? []) {
    const [, verdict, target, comment] =
      /(?:^|\s)(?:counter )?(drop|reject|accept|jump (\S+))(?: with [a-z ]*?)?(?: comment "([^"]*)")?$/.exec(line) ??
      [];
    const match = verdict === undefined ? undefined : matchOf(line, packet);
    if (match === undefined || match.type === 'No') continue;
    if (target !== undefined) {
      const inner = verdictsOf(chains, target, packet);
      verdicts.push(...inner);
      if (inner.some(({ condition }) => condition === undefined)) return verdicts;
      continue;
    }
    const condition = match.type === 'If' ? match.condition : undefined;
    verdicts.push({
      passes: verdict === 'accept',
      ...(condition !== undefined && { condition }),
      rule: line,
      ...(comment !== undefined && { reason: comment }),
    });
    if (condition === undefined) return verdicts;
  }
  return [...verdicts, ...policyOf(chains, chain)];
}

/** A chain that others jump to has none. */
function policyOf(chains: Chains, chain: string): readonly Verdict[] {
  const [, policy] = /policy (accept|drop)/.exec(chains.get(chain)?.[0] ?? '') ?? [];
  return policy === undefined ? [] : [{ passes: policy === 'accept', rule: `policy ${policy} of the chain ${chain}` }];
}
