import type { Input } from '../krm/input.ts';
import type { Problem } from '../krm/problem.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { type Joined, joinClients } from './join.ts';
import { locateForwards } from './locate-forwards.ts';

/** What the networks and the workloads of the input are to each other. */
export interface Connected<Draft> extends Joined {
  /** The drafts in their order, with the addresses of the clients that ports are forwarded to. */
  readonly owners: readonly Draft[];
  /** What is wrong with such ports. */
  readonly lost: readonly Problem[];
}

/** Finds the clients of each network, once: those that join it, and those that its ports lead to. */
export function connectClients<Draft extends { readonly owner: NetworkPlan }>(
  input: Input,
  drafts: readonly Draft[],
): Connected<Draft> {
  const joined = joinClients(
    input,
    drafts.map(({ owner }) => owner),
  );
  const { owners, problems: lost } = locateForwards(input, joined.fixed, drafts);
  return { ...joined, owners, lost };
}
