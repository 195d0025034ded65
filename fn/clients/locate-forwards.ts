import type { Input } from '../krm/input.ts';
import { type Identity, identityOf } from '../krm/item.ts';
import { ownerKey } from '../ownership/owner.ts';
import type { Problem } from '../krm/problem.ts';
import type { LocatedForward, PortForward, WorkloadTarget } from '../plan/gateway-plan.ts';
import type { LocatedPlan, NetworkPlan } from '../plan/network-plan.ts';
import { type FixedWorkload, pathsOf, readable, selectionOf } from './selection.ts';
import type { Workload } from './workload.ts';

/** What {@link locateForwards} has found out. */
export interface Located<Owner> {
  /** The same in the same order, with those forwards that lead to addresses. */
  readonly owners: readonly LocatedOwner<Owner>[];
  readonly problems: readonly Problem[];
}

export type LocatedOwner<Owner> = Omit<Owner, 'owner'> & { readonly owner: LocatedPlan };

/** Finds the clients that ports are forwarded to by name or labels, among those with fixed addresses. */
export function locateForwards<Owner extends { readonly owner: NetworkPlan }>(
  input: Input,
  fixed: readonly FixedWorkload[],
  owners: readonly Owner[],
): Located<Owner> {
  const problems: Problem[] = [];
  const located = owners.map((one) => {
    const { owner: plan } = one;
    const own = plan.forwards.length === 0 ? [] : fixed.filter(({ network }) => network === ownerKey(plan));
    const forwards = plan.forwards.flatMap(
      (forward, index) => locate(input, own, plan, forward, index, problems) ?? [],
    );
    return { ...one, owner: { ...plan, forwards } };
  });
  return { owners: located, problems };
}

function locate(
  input: Input,
  fixed: readonly FixedWorkload[],
  plan: NetworkPlan,
  forward: PortForward,
  index: number,
  problems: Problem[],
): LocatedForward | undefined {
  const { target } = forward;
  if (target.type === 'Addresses') return { ...forward, target };
  const found = fixed.filter(({ identity, labels }) => isMeant(target, identity, labels));
  const [client] = found;
  if (client === undefined || found.length > 1) {
    const reason =
      client === undefined
        ? whyNone(input, plan, target)
        : `it matches ${found.map(({ identity }) => describe(identity)).join(' and ')}`;
    problems.push(problem(plan, target, index, reason));
    return undefined;
  }
  return { ...forward, target: { type: 'Addresses', addresses: client.addresses } };
}

function isMeant({ name, namespace, labels }: WorkloadTarget, identity: Place, own: Workload['labels']): boolean {
  return (
    (name === undefined || name === identity.name) &&
    (namespace === undefined || namespace === identity.namespace) &&
    Object.entries(labels).every(([key, value]) => own[key] === value)
  );
}

/** Explains why no client with fixed addresses matches. */
function whyNone({ items }: Input, plan: NetworkPlan, target: WorkloadTarget): string {
  const kinds = plan.clients.flatMap(({ workloads }) => workloads);
  const meant = items.flatMap((item) => {
    const identity = identityOf(item);
    if (identity === undefined || !isMeant({ ...target, labels: {} }, identity, {})) return [];
    return readable(item, identity, pathsOf(identity, kinds)).filter(({ labels }) => isMeant(target, identity, labels));
  });
  const [first] = meant;
  if (first === undefined) return 'there is no such workload in the input';
  if (meant.length > 1)
    return `workloads without fixed addresses that match are ${meant.map(({ identity }) => describe(identity)).join(' and ')}`;
  const what = describe(first.identity);
  return selectionOf(plan, first) === undefined
    ? `${what} is not a client: add an entry to \`spec.clients\` that selects it and has \`addresses\``
    : `${what} has no fixed address: give the entry of \`spec.clients\` that selects it \`addresses\`, or name \`to.addresses\``;
}

type Place = Pick<Identity, 'kind' | 'name' | 'namespace'>;

function describe({ kind, name, namespace }: Place): string {
  return `${kind} "${namespace === '' ? name : `${namespace}/${name}`}"`;
}

function problem(
  { ref, file }: NetworkPlan,
  { name, namespace, labels }: WorkloadTarget,
  index: number,
  reason: string,
): Problem {
  const path = `spec.gateway.portForwards[${index}].to`;
  const value = name === undefined ? { matchLabels: labels } : { name };
  const currentValue = { ...value, ...(namespace !== undefined && { namespace }) };
  return {
    code: 'NoClient',
    severity: 'error',
    message: `\`${path}\` must match one client with fixed addresses, and is ${JSON.stringify(currentValue)}: ${reason}`,
    ref,
    ...(file && { file }),
    field: { path, currentValue },
  };
}
