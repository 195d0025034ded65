import { CLIENT_ANNOTATION } from '../krm/annotations.ts';
import { NotEditable } from '../krm/edit/object-text.ts';
import type { Changes, Input } from '../krm/input.ts';
import { identityOf, type Item, ItemUnreadable, textOf } from '../krm/item.ts';
import { ownerOf } from '../krm/ownership.ts';
import { hasErrors, type Problem } from '../krm/problem.ts';
import { isOfKind, type WorkloadKind } from '../plan/clients.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import {
  addressesShared,
  chosenNone,
  claimedTwice,
  notEditable,
  orphanedClients,
  unreadableAnnotation,
} from './client-problems.ts';
import { asksFor, enter, isClientOf, labelOf, leave, podIn } from './membership.ts';
import { referenceTo } from './networks-annotation.ts';
import { hasOptions, optionMark, setOptions, unsetOptions } from './pod-spec.ts';
import { nearlySelected, overlooked } from './overlooked.ts';
import { isReadable, problemsOf } from './refusals.ts';
import { pathsOf, type Selection, selectionOf } from './selection.ts';
import { mightSelect } from './selector.ts';
import { isMarked, spellsMark, readWorkloads, type Workload } from './workload.ts';

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
  /** What the entries of `spec.clients` have selected. */
  readonly selected: Map<ClientsPlan, Workload[]>;
  /** Networks that are not in the input, and how many workloads carry their mark. */
  readonly absent: Map<string, number>;
}

/**
 * Gives the workloads that a network selects its annotation, beside the networks that they ask for themselves, and the options that
 * it has for them; and takes both from those that are no longer selected but carry our mark.
 */
export function joinClients(input: Input, plans: readonly NetworkPlan[]): Joined {
  const clients = new Map(plans.map((plan) => [plan, 0]));
  const state: State = { plans, edited: new Map(), problems: [], clients, selected: new Map(), absent: new Map() };
  const choices = plans.flatMap((plan) => plan.clients);
  const kinds = choices.flatMap((choice) => choice.workloads);
  // One that names no namespace may be meant wherever a choice looks.
  const anywhere = choices.map((choice): ClientsPlan => ({ ...choice, namespaces: { type: 'All' } }));
  for (const item of input.items) {
    const identity = identityOf(item);
    if (identity === undefined) continue;
    state.problems.push(...overlooked(plans, item, identity));
    const isCandidate = (identity.namespace === '' ? anywhere : choices).some((choice) =>
      mightSelect(choice, item, identity),
    );
    if (!isCandidate && !isMarked(item)) continue;
    try {
      for (const workload of readWorkloads(item, identity, pathsOf(identity, kinds))) settle(state, workload);
    } catch (error) {
      if (!(error instanceof ItemUnreadable || error instanceof NotEditable)) throw error;
      // Escapes alone make no mark, and what is not selected need not be read.
      if (!isCandidate && error instanceof ItemUnreadable && !spellsMark(item)) continue;
      state.problems.push(notEditable(item, error.message));
    }
  }
  const orphans = [...state.absent].map(([network, count]) => orphanedClients(network, count));
  const problems = [...state.problems, ...sharedAddresses(state), ...orphans, ...unused(state, input, kinds)];
  return { edited: state.edited, problems, clients };
}

/** Decides about one workload. */
function settle(state: State, workload: Workload): void {
  const selections = state.plans.flatMap((plan) => selectionOf(plan, workload) ?? []);
  for (const { plan, choices } of selections) {
    state.clients.set(plan, (state.clients.get(plan) ?? 0) + 1);
    for (const choice of choices) state.selected.set(choice, [...(state.selected.get(choice) ?? []), workload]);
  }
  const [selection, second] = selections;
  const { annotations } = workload;
  const mark = CLIENT_ANNOTATION in annotations ? labelOf(annotations) : optionMark(annotations)?.network;
  if (selection === undefined) state.problems.push(...nearlySelected(state.plans, workload));
  if (selection === undefined && mark === undefined) return;
  const problems = problemsWith(workload, selection, second);
  state.problems.push(...problems);
  if (hasErrors(problems)) return;
  if (selection === undefined && !state.plans.some(({ label }) => label === mark)) {
    state.absent.set(mark ?? '', (state.absent.get(mark ?? '') ?? 0) + 1);
    return;
  }
  rewrite(state, workload, selection);
}

function problemsWith(
  workload: Workload,
  selection: Selection | undefined,
  second: Selection | undefined,
): readonly Problem[] {
  if (selection && second) return [claimedTwice(workload, selection.plan, second.plan)];
  if (selection) return problemsOf(workload, selection);
  return isReadable(workload) ? [] : [unreadableAnnotation(workload)];
}

/** Makes the pod a client as the selection wants it, or of none, where it is not so yet. */
function rewrite({ edited }: State, workload: Workload, selection: Selection | undefined): void {
  const { item, annotations } = workload;
  const isMember = selection ? isClientOf(workload, selection) : annotations[CLIENT_ANNOTATION] === undefined;
  if (isMember && hasOptions(workload, selection)) return;
  const before = edited.get(item) ?? textOf(item);
  // Last in, first out: what is set beside the mark must not keep an annotation map from becoming what it was.
  const bare = unsetOptions(before, workload);
  const joined = isMember ? bare : move(bare, workload, selection);
  const after = selection && selection.options.length > 0 ? setOptions(joined, workload, selection) : joined;
  if (after !== before) edited.set(item, after);
}

/** The text in which the pod asks for the network that it is to join, and for none that we have written. */
function move(
  text: string,
  { path, identity: { namespace }, annotations }: Workload,
  to: Selection | undefined,
): string {
  const marked = podIn(text, path);
  const pod = annotations[CLIENT_ANNOTATION] === undefined ? marked : podIn(leave(marked, namespace), path);
  return to === undefined || asksFor(pod.annotations, to.plan, to.addressing, namespace)
    ? pod.text
    : enter(pod, to.plan.label, referenceTo(to.plan, to.addressing, namespace));
}

/** Entries with addresses that have selected more than one workload. */
function sharedAddresses({ plans, selected }: State): readonly Problem[] {
  return plans.flatMap((plan) =>
    plan.clients.flatMap((choice, index) => {
      const workloads = selected.get(choice) ?? [];
      return choice.addressing.type === 'Fixed' && workloads.length > 1
        ? [addressesShared(plan, index, workloads)]
        : [];
    }),
  );
}

/** Entries of `spec.clients` that select nothing, where there is something to select. A generator is given the network alone. */
function unused({ plans, selected }: State, { items }: Input, kinds: readonly WorkloadKind[]): readonly Problem[] {
  const idle = plans.flatMap((plan) =>
    plan.clients.flatMap((choice, index) => (selected.has(choice) ? [] : [chosenNone(plan, index)])),
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
