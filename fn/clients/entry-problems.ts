import type { Input } from '../krm/input.ts';
import { identityOf, type Item, ItemUnreadable } from '../krm/item.ts';
import type { Problem } from '../krm/problem.ts';
import { ownerOf } from '../ownership/owner.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import { addressesForSeveral, selectsNothing } from './client-problems.ts';
import type { Search } from './search.ts';
import type { FixedWorkload } from './selection.ts';

/** Entries with addresses that have selected more than one workload. */
export function sharedAddresses(plans: readonly NetworkPlan[], fixed: readonly FixedWorkload[]): readonly Problem[] {
  const byChoice = new Map<ClientsPlan, Item[]>();
  for (const { item, choices } of fixed)
    for (const choice of choices) {
      const items = byChoice.get(choice);
      if (items === undefined) byChoice.set(choice, [item]);
      else items.push(item);
    }
  return plans.flatMap((plan) =>
    plan.clients.flatMap((choice, index) => {
      const items = byChoice.get(choice) ?? [];
      return items.length > 1 ? [addressesForSeveral(plan, index, items)] : [];
    }),
  );
}

/** Entries of `spec.clients` that select nothing, if the input has workloads. A generator gets only the network. */
export function unusedEntries(
  plans: readonly NetworkPlan[],
  used: ReadonlySet<ClientsPlan>,
  { items }: Input,
  search: Search,
): readonly Problem[] {
  const idle = plans.flatMap((plan) =>
    plan.clients.flatMap((choice, index) =>
      choice.join === 'Admission' || used.has(choice) ? [] : [selectsNothing(plan, index)],
    ),
  );
  const isWorkload = (item: Item): boolean => {
    const identity = identityOf(item);
    return identity !== undefined && search.kindOf(identity).paths.length > 0 && !isOurs(item);
  };
  return idle.length > 0 && items.some(isWorkload) ? idle : [];
}

/** A router or node agent; what cannot be read has a problem of its own. */
function isOurs(item: Item): boolean {
  try {
    return ownerOf(item) !== undefined;
  } catch (error) {
    if (!(error instanceof ItemUnreadable)) throw error;
    return true;
  }
}
