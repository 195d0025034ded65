import type { Input } from '../krm/input.ts';
import { type Identity, identityOf, type Item, ItemUnreadable } from '../krm/item.ts';
import { isOfKind, type WorkloadKind } from '../plan/clients.ts';
import type { AddressingPlan, ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import { type Option, optionsOf } from './options.ts';
import { mightSelect, selects } from './selector.ts';
import { readWorkloads, type Workload } from './workload.ts';

/** What a network wants of a workload that it selects: the union of what its entries say. */
export interface Selection {
  readonly plan: NetworkPlan;
  /** The entries that select it, at least one. */
  readonly choices: readonly ClientsPlan[];
  readonly addressing: AddressingPlan;
  readonly options: readonly Option[];
}

/** How a network selects a workload; undefined where it does not. */
export function selectionOf(plan: NetworkPlan, workload: Workload): Selection | undefined {
  const choices = plan.clients.filter((choice) => selects(choice, workload));
  if (choices.length === 0) return undefined;
  const fixed = choices.find(({ addressing }) => addressing.type === 'Fixed');
  return { plan, choices, addressing: fixed?.addressing ?? { type: 'Pool' }, options: optionsOf(choices) };
}

/** A workload with fixed addresses. */
export interface FixedWorkload {
  readonly name: string;
  /** Empty where the object names none. */
  readonly namespace: string;
  readonly kind: string;
  /** The labels of its pod. */
  readonly labels: Readonly<Record<string, unknown>>;
  /** One of each family of the network, IPv4 first. */
  readonly addresses: readonly string[];
}

/** The workloads of the input that a network gives fixed addresses. What cannot be read is left out; {@link joinClients} speaks of it. */
export function fixedAddresses(input: Input, plan: NetworkPlan): readonly FixedWorkload[] {
  const choices = plan.clients.filter(({ addressing }) => addressing.type === 'Fixed');
  const kinds = choices.flatMap(({ workloads }) => workloads);
  return input.items.flatMap((item) => {
    const identity = identityOf(item);
    if (identity === undefined || !choices.some((choice) => mightSelect(choice, item, identity))) return [];
    return readable(item, identity, pathsOf(identity, kinds)).flatMap((workload) => {
      const addressing = selectionOf(plan, workload)?.addressing;
      if (addressing?.type !== 'Fixed') return [];
      const { name, namespace, kind } = identity;
      const addresses = addressing.addresses.map(({ address }) => address);
      return [{ name, namespace, kind, labels: workload.labels, addresses }];
    });
  });
}

/** The workloads in an object; none where it cannot be read. */
export function readable(item: Item, identity: Identity, paths: readonly (readonly string[])[]): readonly Workload[] {
  try {
    return readWorkloads(item, identity, paths);
  } catch (error) {
    if (!(error instanceof ItemUnreadable)) throw error;
    return [];
  }
}

/** Where the pods of an object stand, by the kinds that are looked at. */
export function pathsOf(identity: Identity, kinds: readonly WorkloadKind[]): readonly (readonly string[])[] {
  return kinds.filter((kind) => isOfKind(identity, kind)).map(({ path }) => path);
}
