import { CLIENT_ANNOTATION } from '../marks.ts';
import { NotEditable } from '../yaml/not-editable.ts';
import type { Changes, Input } from '../krm/input.ts';
import { type Identity, identityOf, type Item, ItemUnreadable, textOf } from '../krm/item.ts';
import { ownerKey } from '../ownership/owner.ts';
import { hasErrors, type Problem } from '../krm/problem.ts';
import { LIMITS } from '../yaml/limits.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import {
  selectedByTwoNetworks,
  notEditable,
  orphanedClients,
  tooManyClients,
  unreadableAnnotation,
} from './client-problems.ts';
import { sharedAddresses, unusedEntries } from './entry-problems.ts';
import { requestsNetwork, joinNetwork, isClientOf, labelOf, leaveNetwork, withoutNetwork } from './membership.ts';
import { referenceTo } from './networks-annotation.ts';
import { nearlySelected, missedPods } from './missed-pods.ts';
import { hasOptions, optionMark, setOptions, unsetOptions } from './pod-spec.ts';
import { isReadable, workloadProblems } from './workload-problems.ts';
import { type Search, searchFor } from './search.ts';
import { type FixedWorkload, fixedWorkload, type Selection, selectionOf } from './selection.ts';
import { isMarked, readWorkloads, spellsMark, type Workload } from './workload.ts';

export interface Joined {
  readonly edited: Changes['edited'];
  readonly problems: readonly Problem[];
  /** How many workloads of the input are clients of each network, by {@link ownerKey}. */
  readonly clients: ReadonlyMap<string, number>;
  /** The clients with fixed addresses. */
  readonly fixed: readonly FixedWorkload[];
}

/** The results so far, while the workloads are read. */
interface State {
  readonly plans: readonly NetworkPlan[];
  readonly search: Search;
  readonly edited: Map<Item, string>;
  readonly problems: Problem[];
  readonly clients: Map<string, number>;
  /** The entries of `spec.clients` that have selected something. */
  readonly used: Set<ClientsPlan>;
  readonly fixed: FixedWorkload[];
  /** Networks that are not in the input, and how many workloads carry their mark. */
  readonly absent: Map<string, number>;
  /** How many workloads may still be changed. */
  left: number;
}

/**
 * Adds the networks annotation and the options of a network to the workloads that it selects. Networks that a
 * workload requests itself stay. Removes both from workloads that carry our mark and are no longer selected.
 */
export function joinClients(input: Input, plans: readonly NetworkPlan[]): Joined {
  const state: State = {
    plans,
    search: searchFor(plans),
    edited: new Map(),
    problems: [],
    clients: new Map(),
    used: new Set(),
    fixed: [],
    absent: new Map(),
    left: LIMITS.CLIENTS,
  };
  for (const item of input.items) {
    const identity = identityOf(item);
    if (identity !== undefined && state.left >= 0) lookAt(state, item, identity);
  }
  const { edited, problems, clients, fixed, absent } = state;
  const orphans = [...absent].map(([network, count]) => orphanedClients(network, count));
  return {
    edited,
    problems: [
      ...problems,
      ...sharedAddresses(plans, fixed),
      ...orphans,
      ...unusedEntries(plans, state.used, input, state.search),
    ],
    clients,
    fixed,
  };
}

function lookAt(state: State, item: Item, identity: Identity): void {
  const kind = state.search.kindOf(identity);
  if (!kind.isKnown) state.problems.push(...missedPods(state.plans, item, identity));
  const plans = kind.plansFor(item, identity);
  const isCandidate = plans.length > 0;
  if (!isCandidate && !isMarked(item)) return;
  try {
    for (const workload of readWorkloads(item, identity, kind.paths)) decide(state, workload, plans);
  } catch (error) {
    if (!(error instanceof ItemUnreadable || error instanceof NotEditable)) throw error;
    // An escape is not our mark, and an unselected workload need not be readable.
    if (!isCandidate && error instanceof ItemUnreadable && !spellsMark(item)) return;
    state.problems.push(notEditable(item, error.message));
  }
}

/** Handles one workload. Only the given plans can select it. */
function decide(state: State, workload: Workload, plans: readonly NetworkPlan[]): void {
  const selections = plans.flatMap((plan) => selectionOf(plan, workload) ?? []);
  for (const selection of selections) countClient(state, workload, selection);
  const [selection, second] = selections;
  const { annotations } = workload;
  const mark = CLIENT_ANNOTATION in annotations ? labelOf(annotations) : optionMark(annotations)?.network;
  if (selection === undefined) state.problems.push(...nearlySelected(plans, workload));
  if (selection === undefined && mark === undefined) return;
  state.left -= 1;
  if (state.left < 0) {
    state.problems.push(tooManyClients(workload));
    return;
  }
  const problems = problemsWith(workload, selection, second);
  state.problems.push(...problems);
  if (hasErrors(problems)) return;
  if (selection === undefined && !state.plans.some(({ label }) => label === mark)) {
    state.absent.set(mark ?? '', (state.absent.get(mark ?? '') ?? 0) + 1);
    return;
  }
  rewrite(state, workload, selection);
}

function countClient({ clients, used, fixed }: State, workload: Workload, selection: Selection): void {
  const key = ownerKey(selection.plan);
  clients.set(key, (clients.get(key) ?? 0) + 1);
  for (const choice of selection.choices) used.add(choice);
  fixed.push(...fixedWorkload(workload, selection));
}

function problemsWith(
  workload: Workload,
  selection: Selection | undefined,
  second: Selection | undefined,
): readonly Problem[] {
  if (selection && second) return [selectedByTwoNetworks(workload, selection.plan, second.plan)];
  if (selection) return workloadProblems(workload, selection);
  return isReadable(workload) ? [] : [unreadableAnnotation(workload)];
}

/** Makes the pod the client that the selection describes, or no client. */
function rewrite({ edited }: State, workload: Workload, selection: Selection | undefined): void {
  const { item, annotations } = workload;
  const isMember = selection ? isClientOf(workload, selection) : annotations[CLIENT_ANNOTATION] === undefined;
  if (isMember && hasOptions(workload, selection)) return;
  const before = edited.get(item) ?? textOf(item);
  // Options go first and come last, so that the annotations are in the same order after each run.
  const bare = unsetOptions(before, workload);
  const joined = isMember ? bare : move(bare, workload, selection);
  const after = selection && selection.options.length > 0 ? setOptions(joined, workload, selection) : joined;
  if (after !== before) edited.set(item, after);
}

/** The text in which the pod requests the network that it joins, and no other network that we wrote. */
function move(
  text: string,
  { path, identity: { namespace }, annotations }: Workload,
  to: Selection | undefined,
): string {
  const left = annotations[CLIENT_ANNOTATION] === undefined ? annotations : withoutNetwork(annotations, namespace);
  const bare = leaveNetwork(text, path, annotations, left);
  return to === undefined || requestsNetwork(left, to.plan, to.addressing, namespace)
    ? bare
    : joinNetwork(bare, path, left, to.plan, referenceTo(to.plan, to.addressing, namespace));
}
