import { type Identity, type Item, mentions } from '../krm/item.ts';
import { isOfKind } from '../plan/clients.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import { pathsOf } from './selection.ts';
import { inScope, requiredWords } from './selector.ts';

/** What the networks of a run look for. */
export interface Search {
  readonly kindOf: (identity: Identity) => Kind;
}

/** What they look for in the objects of one kind. */
export interface Kind {
  /** Whether all entries for which the user has listed no kinds look at it; they look at the same ones. */
  readonly isKnown: boolean;
  /** Where the pods stand. */
  readonly paths: readonly (readonly string[])[];
  /**
   * The networks that may select an object or, if it names no namespace, would in another, judged by its identity and its bytes alone,
   * so that most need not be parsed.
   */
  readonly plansFor: (item: Item, identity: Identity) => readonly NetworkPlan[];
}

/** An entry of `spec.clients`. */
interface Entry {
  readonly choice: ClientsPlan;
  /** The same in any namespace. */
  readonly anywhere: ClientsPlan;
  /** What stands in the text of whatever it selects. */
  readonly words: readonly string[];
}

/** Prepares what is asked of each object; what depends on its kind alone is found out once. */
export function searchFor(plans: readonly NetworkPlan[]): Search {
  const entries = plans.map((plan) => ({ plan, entries: plan.clients.map(entryOf) }));
  const kinds = new Map<string, Kind>();
  const kindOf = (identity: Identity): Kind => {
    const key = `${identity.apiVersion} ${identity.kind}`;
    const known = kinds.get(key) ?? prepare(entries, identity);
    kinds.set(key, known);
    return known;
  };
  return { kindOf };
}

function entryOf(choice: ClientsPlan): Entry {
  return { choice, anywhere: { ...choice, namespaces: { type: 'All' } }, words: requiredWords(choice) };
}

function prepare(
  networks: readonly { readonly plan: NetworkPlan; readonly entries: readonly Entry[] }[],
  identity: Identity,
): Kind {
  const looksAt = ({ workloads }: ClientsPlan) => workloads.some((kind) => isOfKind(identity, kind));
  const choices = networks.flatMap(({ plan }) => plan.clients);
  const looking = networks.flatMap(({ plan, entries }) => {
    const own = entries.filter(({ choice }) => looksAt(choice));
    return own.length > 0 ? [{ plan, entries: own }] : [];
  });
  const maySelect = ({ choice, anywhere, words }: Entry, item: Item, one: Identity) =>
    inScope(one.namespace === '' ? anywhere : choice, one) && words.every((word) => mentions(item, word));
  return {
    isKnown: choices.filter(({ kinds }) => kinds === 'Known').every(looksAt) && !identity.kind.endsWith('List'),
    paths: pathsOf(
      identity,
      choices.flatMap(({ workloads }) => workloads),
    ),
    plansFor: (item, one) =>
      looking.flatMap(({ plan, entries }) => (entries.some((entry) => maySelect(entry, item, one)) ? [plan] : [])),
  };
}
