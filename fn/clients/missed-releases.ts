import type { Problem } from '../krm/problem.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import { mapsInValues } from './helm-release.ts';
import { releaseNotListed } from './missed-pod-problems.ts';
import { fits, inScope, wantsLabels } from './selector.ts';
import type { Workload } from './workload.ts';

/**
 * Entries without a list of kinds that may mean a HelmRelease. An entry that selects by what labels are absent, in all
 * namespaces, is not taken to mean charts.
 */
export function missedRelease(plans: readonly NetworkPlan[], release: Workload): readonly Problem[] {
  return plans.flatMap((plan) => {
    const index = plan.clients.findIndex((choice) => choice.kinds === 'Known' && isMeant(choice, release));
    return index < 0 ? [] : [releaseNotListed(plan, index, release)];
  });
}

function isMeant(choice: ClientsPlan, release: Workload): boolean {
  if (!inScope(choice, release.identity)) return false;
  if (wantsLabels(choice)) return [release.labels, ...mapsInValues(release)].some((labels) => fits(choice, labels));
  return (choice.names.type === 'Named' || choice.namespaces.type === 'Named') && fits(choice, release.labels);
}
