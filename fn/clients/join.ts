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
  type UnknownNamespace,
  unknownNamespace,
  unreadableAnnotation,
} from './client-problems.ts';
import { sharedAddresses, unusedEntries } from './entry-problems.ts';
import { isHelmRelease, readRelease, releaseMark, rewriteRelease } from './helm-release.ts';
import { missedRelease } from './missed-releases.ts';
import { isUnknown, type Namespaces, namespacesIn, withNamespaces } from './namespaces.ts';
import { labelOf } from './membership.ts';
import { nearlySelected, missedPods } from './missed-pods.ts';
import { optionMark } from './pod-spec.ts';
import { rewritePod } from './rewrite-pod.ts';
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
  readonly namespaces: Namespaces;
  readonly search: Search;
  readonly edited: Map<Item, string>;
  readonly problems: Problem[];
  readonly clients: Map<string, number>;
  /** The entries of `spec.clients` that have selected something. */
  readonly used: Set<ClientsPlan>;
  readonly fixed: FixedWorkload[];
  /** Networks that are not in the input, and how many workloads carry their mark. */
  readonly absent: Map<string, number>;
  /** Workloads in namespaces whose labels are not known, by the entry that selects by them and the namespace. */
  readonly unknown: Map<string, UnknownNamespace>;
  /** How many workloads may still be changed. */
  left: number;
}

/**
 * Adds the networks annotation and the options of a network to the workloads that it selects. Networks that a
 * workload requests itself stay. Removes both from workloads that carry our mark and are no longer selected.
 */
export function joinClients(input: Input, networks: readonly NetworkPlan[]): Joined {
  const namespaces = namespacesIn(input, networks);
  const plans = networks.map((plan) => withNamespaces(plan, input, namespaces));
  const state: State = {
    plans,
    namespaces,
    search: searchFor(plans),
    edited: new Map(),
    problems: [],
    clients: new Map(),
    used: new Set(),
    fixed: [],
    absent: new Map(),
    unknown: new Map(),
    left: LIMITS.CLIENTS,
  };
  for (const item of input.items) {
    const identity = identityOf(item);
    if (identity !== undefined && state.left >= 0) lookAt(state, item, identity);
  }
  const { edited, problems, clients, fixed, absent, unknown } = state;
  const orphans = [...absent].map(([network, count]) => orphanedClients(network, count));
  return {
    edited,
    problems: [
      ...problems,
      ...[...unknown.values()].map(unknownNamespace),
      ...sharedAddresses(plans, fixed),
      ...orphans,
      ...unusedEntries(plans, state.used, input, state.search),
    ],
    clients,
    fixed,
  };
}

function lookAt(state: State, item: Item, identity: Identity): void {
  if (isHelmRelease(identity)) {
    lookAtRelease(state, item, identity);
    return;
  }
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

/**
 * Handles a HelmRelease. Where there are networks it is read: the namespace of its pods, and their labels, are in it.
 */
function lookAtRelease(state: State, item: Item, identity: Identity): void {
  if (state.plans.length === 0 && !isMarked(item)) return;
  try {
    decide(state, readRelease(item, identity), state.plans);
  } catch (error) {
    if (!(error instanceof ItemUnreadable || error instanceof NotEditable)) throw error;
    const isListed = state.search.kindOf(identity).paths.length > 0;
    if (isListed || spellsMark(item)) state.problems.push(notEditable(item, error.message));
  }
}

/** Handles one workload. Only the given plans can select it. */
function decide(state: State, workload: Workload, plans: readonly NetworkPlan[]): void {
  const selections = plans.flatMap((plan) => selectionOf(plan, workload) ?? []);
  for (const selection of selections) countClient(state, workload, selection);
  const [selection, second] = selections;
  const mark = networkOf(workload);
  if (selection === undefined) state.problems.push(...missedBy(plans, workload));
  if (selection === undefined && mark === undefined) return;
  state.left -= 1;
  if (state.left < 0) {
    state.problems.push(tooManyClients(workload));
    return;
  }
  if (selections.some((one) => countUnknown(state, workload, one))) return;
  const problems = problemsWith(workload, selection, second);
  state.problems.push(...problems);
  if (hasErrors(problems)) return;
  if (selection === undefined && !state.plans.some(({ label }) => label === mark)) {
    state.absent.set(mark ?? '', (state.absent.get(mark ?? '') ?? 0) + 1);
    return;
  }
  const before = state.edited.get(workload.item) ?? textOf(workload.item);
  const after = (isHelmRelease(workload.identity) ? rewriteRelease : rewritePod)(before, workload, selection);
  if (after !== before) state.edited.set(workload.item, after);
}

/** The network that has marked a workload. */
function networkOf(workload: Workload): string | undefined {
  const { annotations, identity } = workload;
  if (isHelmRelease(identity)) return releaseMark(workload);
  return CLIENT_ANNOTATION in annotations ? labelOf(annotations) : optionMark(annotations)?.network;
}

function missedBy(plans: readonly NetworkPlan[], workload: Workload): readonly Problem[] {
  return isHelmRelease(workload.identity) ? missedRelease(plans, workload) : nearlySelected(plans, workload);
}

function countClient({ clients, used, fixed }: State, workload: Workload, selection: Selection): void {
  const key = ownerKey(selection.plan);
  clients.set(key, (clients.get(key) ?? 0) + 1);
  for (const choice of selection.choices) used.add(choice);
  fixed.push(...fixedWorkload(workload, selection));
}

/** Counts a workload that is selected only because the labels of its namespace are not known; whether it is one. */
function countUnknown(
  { namespaces, unknown }: State,
  { identity: { namespace } }: Workload,
  { plan, choices }: Selection,
): boolean {
  const choice = choices.find((one) => isUnknown(one, namespace, namespaces));
  if (choice === undefined) return false;
  const index = plan.clients.indexOf(choice);
  const key = `${ownerKey(plan)} ${index} ${namespace}`;
  unknown.set(key, { plan, index, namespace, count: (unknown.get(key)?.count ?? 0) + 1 });
  return true;
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
