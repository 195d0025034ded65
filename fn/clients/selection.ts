import { type Identity, type Item, ItemUnreadable } from '../krm/item.ts';
import type { Address } from '../net/address.ts';
import { ownerKey } from '../ownership/owner.ts';
import { isOfKind, type WorkloadKind } from '../plan/clients.ts';
import type { AddressingPlan, ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import { type Option, optionsOf } from './options.ts';
import { selects } from './selector.ts';
import { readWorkloads, type Workload } from './workload.ts';

/** How a network selects a workload: the union of its entries. */
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

/** A workload with fixed addresses, and the network that gives it them. */
export interface FixedWorkload {
  readonly item: Item;
  readonly identity: Identity;
  /** The labels of its pod. */
  readonly labels: Readonly<Record<string, unknown>>;
  readonly network: string;
  /** The entries with addresses that select it. */
  readonly choices: readonly ClientsPlan[];
  /** One of each family of the network, IPv4 first. */
  readonly addresses: readonly Address[];
}

/** The workload as one with fixed addresses, if the selection gives it some. */
export function fixedWorkload(workload: Workload, { plan, choices, addressing }: Selection): readonly FixedWorkload[] {
  if (addressing.type === 'Pool') return [];
  const { item, identity, labels } = workload;
  const fixed = choices.filter((choice) => choice.addressing.type === 'Fixed');
  const addresses = addressing.addresses.map(({ address }) => address);
  return [{ item, identity, labels, network: ownerKey(plan), choices: fixed, addresses }];
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

/** The paths of the pods in an object, by the kinds that are searched. */
export function pathsOf(identity: Identity, kinds: readonly WorkloadKind[]): readonly (readonly string[])[] {
  return kinds.filter((kind) => isOfKind(identity, kind)).map(({ path }) => path);
}
