import type { Input } from '../krm/input.ts';
import type { Problem } from '../krm/problem.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { type Joined, joinClients } from './join.ts';
import { type LocatedOwner, locateForwards } from './locate-forwards.ts';

/** The networks and their clients among the workloads of the input. */
export interface Connected<Planned> extends Joined {
  /** The networks in their order. Their port forwards have the addresses of the clients. */
  readonly owners: readonly LocatedOwner<Planned>[];
  /** Port forwards whose client was not found. */
  readonly forwardProblems: readonly Problem[];
}

/** Finds the clients of each network, once: those that join it, and those that its ports lead to. */
export function connectClients<Planned extends { readonly owner: NetworkPlan }>(
  input: Input,
  planned: readonly Planned[],
): Connected<Planned> {
  const joined = joinClients(
    input,
    planned.map(({ owner }) => owner),
  );
  const { owners, problems: forwardProblems } = locateForwards(input, joined.fixed, planned);
  return { ...joined, owners, forwardProblems };
}
