import { type Identity, type Item, mentions } from '../krm/item.ts';
import { isOfKind } from '../plan/clients.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import { pathsOf } from './selection.ts';
import { inScope, requiredWords } from './selector.ts';

/** Finds the networks that may select an object. */
export interface Search {
  readonly kindOf: (identity: Identity) => Kind;
}

/** The search in the objects of one kind. */
export interface Kind {
  /** Whether the entries without a list of kinds search this kind. */
  readonly isKnown: boolean;
  /** The paths of the pods. */
  readonly paths: readonly (readonly string[])[];
  /**
   * The networks that may select an object in its namespace, or in any if it has none. Decided by identity and bytes,
   * so that most objects need not be parsed.
   */
  readonly plansFor: (item: Item, identity: Identity) => readonly NetworkPlan[];
}

/** An entry of `spec.clients`. */
interface Entry {
  readonly choice: ClientsPlan;
  /** The same in any namespace. */
  readonly anywhere: ClientsPlan;
  /** Words that the text of every selected object contains. */
  readonly words: readonly string[];
}

/** Prepares the search. What depends only on the kind is computed once. */
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
