import { CLIENT_ANNOTATION, NETWORKS_ANNOTATION } from '../krm/annotations.ts';
import { NotEditable } from '../krm/edit/object-text.ts';
import type { Changes, Input } from '../krm/input.ts';
import { type Identity, identityOf, type Item, ItemUnreadable, mentions, textOf } from '../krm/item.ts';
import { ownerOf } from '../krm/ownership.ts';
import type { Problem } from '../krm/problem.ts';
import { isOfKind, type WorkloadKind } from '../plan/clients.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import {
  chosenNone,
  claimedTwice,
  notEditable,
  onHostNetwork,
  orphanedClients,
  unreadableAnnotation,
} from './client-problems.ts';
import { enter, leave, networksOf, podIn, type PodText } from './membership.ts';
import { interfacesOf, parseNetworks, referenceTo, refersTo } from './networks-annotation.ts';
import { mightSelect, selects } from './selector.ts';
import { readWorkloads, type Workload } from './workload.ts';

export interface Joined {
  readonly edited: Changes['edited'];
  readonly problems: readonly Problem[];
  /** How many workloads of the input are clients of each network. */
  readonly clients: ReadonlyMap<NetworkPlan, number>;
}

/** What is found out while the workloads are looked at. */
interface State {
  readonly plans: readonly NetworkPlan[];
  readonly edited: Map<Item, string>;
  readonly problems: Problem[];
  readonly clients: Map<NetworkPlan, number>;
  /** The entries of `spec.clients` that selected something. */
  readonly used: Set<object>;
  /** Networks that are not in the input, and how many workloads carry their mark. */
  readonly absent: Map<string, number>;
}

/**
 * Gives the workloads that a network selects its annotation, beside the networks that they ask for themselves, and takes it from
 * those that are no longer selected but carry our mark.
 */
export function joinClients(input: Input, plans: readonly NetworkPlan[]): Joined {
  const clients = new Map(plans.map((plan) => [plan, 0]));
  const state: State = { plans, edited: new Map(), problems: [], clients, used: new Set(), absent: new Map() };
  const choices = plans.flatMap((plan) => plan.clients);
  const kinds = choices.flatMap((choice) => choice.workloads);
  for (const item of input.items) {
    const identity = identityOf(item);
    if (identity === undefined) continue;
    const isCandidate = choices.some((choice) => mightSelect(choice, item, identity));
    if (!isCandidate && !mentions(item, CLIENT_ANNOTATION)) continue;
    try {
      for (const workload of readWorkloads(item, identity, pathsOf(identity, kinds))) settle(state, workload);
    } catch (error) {
      if (!(error instanceof ItemUnreadable || error instanceof NotEditable)) throw error;
      state.problems.push(notEditable(item, error.message));
    }
  }
  const orphans = [...state.absent].map(([network, count]) => orphanedClients(network, count));
  return { edited: state.edited, problems: [...state.problems, ...orphans, ...unused(state, input, kinds)], clients };
}

function pathsOf(identity: Identity, kinds: readonly WorkloadKind[]): readonly (readonly string[])[] {
  return kinds.filter((kind) => isOfKind(identity, kind)).map(({ path }) => path);
}

/** Decides about one workload. */
function settle(state: State, workload: Workload): void {
  const { item, annotations } = workload;
  const networks = state.plans.filter((plan) => {
    const choices = plan.clients.filter((choice) => selects(choice, workload));
    for (const choice of choices) state.used.add(choice);
    return choices.length > 0;
  });
  for (const network of networks) state.clients.set(network, (state.clients.get(network) ?? 0) + 1);
  const [network, second] = networks;
  const mark = annotations[CLIENT_ANNOTATION];
  if (network === undefined && mark === undefined) return;
  if (network !== undefined && second !== undefined) state.problems.push(claimedTwice(workload, network, second));
  else if (network !== undefined && workload.hostNetwork) state.problems.push(onHostNetwork(workload, network));
  else if (!isReadable(annotations[NETWORKS_ANNOTATION])) state.problems.push(unreadableAnnotation(workload));
  else if (network === undefined && !state.plans.some(({ label }) => label === mark)) {
    state.absent.set(String(mark), (state.absent.get(String(mark)) ?? 0) + 1);
  } else if (network === undefined || !isClientOf(workload, network)) {
    const before = state.edited.get(item) ?? textOf(item);
    const after = rewrite(before, workload, network);
    if (after !== before) state.edited.set(item, after);
  }
}

/** The text in which the pod is a client of the network, or of none. */
function rewrite(text: string, workload: Workload, network: NetworkPlan | undefined): string {
  const { annotations, metadata, identity, path } = workload;
  const given = { text, path: [...path, 'metadata'], metadata, annotations };
  const pod = annotations[CLIENT_ANNOTATION] === undefined ? given : podIn(leave(given, identity.namespace), path);
  return network === undefined || asksFor(pod.annotations, network, identity.namespace)
    ? pod.text
    : enter(pod, network.label, referenceTo(network, identity.namespace));
}

function isReadable(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && parseNetworks(value) !== undefined);
}

/** Whether nothing needs to be done: by us or by its author, the pod asks for the network, on an interface of its own. */
function isClientOf({ annotations, identity: { namespace } }: Workload, network: NetworkPlan): boolean {
  if (!asksFor(annotations, network, namespace)) return false;
  const mark = annotations[CLIENT_ANNOTATION];
  if (mark === undefined) return true;
  const references = parseNetworks(networksOf(annotations)) ?? [];
  const interfaces = interfacesOf(references);
  const index = references.findIndex((reference) => refersTo(reference, referenceTo(network, namespace), namespace));
  return (
    mark === network.label &&
    !interfaces.some((name, other) => other !== index && name === interfaces[index]) &&
    index >= 0
  );
}

function asksFor(annotations: PodText['annotations'], network: NetworkPlan, podNamespace: string): boolean {
  const homes = [referenceTo(network, podNamespace).namespace, network.namespace];
  const name = network.names.clientAttachment;
  return (parseNetworks(networksOf(annotations)) ?? []).some((reference) =>
    homes.some((namespace) => refersTo(reference, { name, namespace }, podNamespace)),
  );
}

/** Entries of `spec.clients` that select nothing, where there is something to select. A generator is given the network alone. */
function unused({ plans, used }: State, { items }: Input, kinds: readonly WorkloadKind[]): readonly Problem[] {
  const idle = plans.flatMap((plan) =>
    plan.clients.flatMap((choice, index) => (used.has(choice) ? [] : [chosenNone(plan, index)])),
  );
  return idle.length > 0 && items.some((item) => isWorkload(item, kinds)) ? idle : [];
}

function isWorkload(item: Item, kinds: readonly WorkloadKind[]): boolean {
  const identity = identityOf(item);
  return identity !== undefined && kinds.some((kind) => isOfKind(identity, kind)) && !isOurs(item);
}

/** A router or node agent; what cannot be read is spoken of elsewhere. */
function isOurs(item: Item): boolean {
  try {
    return ownerOf(item) !== undefined;
  } catch (error) {
    if (!(error instanceof ItemUnreadable)) throw error;
    return true;
  }
}
