import type { Input } from '../krm/input.ts';
import type { Problem } from '../krm/problem.ts';
import { findCollisions } from '../plan/collisions.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { checkClusterNetworks } from './cluster-networks.ts';
import { checkEgressAttachments } from './egress-attachments.ts';
import { localKinds } from './local-kinds.ts';
import { noObjects } from './no-objects.ts';
import { repeated } from './repeated.ts';

/**
 * Checks that concern the whole input: documents that are not objects, duplicates, and objects that
 * contradict a network.
 */
export function checkInput(input: Input, plans: readonly NetworkPlan[]): readonly Problem[] {
  return [
    ...noObjects(input),
    ...localKinds(input),
    ...repeated(input),
    ...findCollisions(plans),
    ...checkEgressAttachments(input, plans),
    ...checkClusterNetworks(input, plans),
  ];
}
