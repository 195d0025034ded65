import type { Named, Observation, Policy } from '../cluster/observation.ts';
import { NETWORK_LABEL } from '../marks.ts';
import type { AbsentClient } from './network-status.ts';
import { type NetworkId, ownedBy, podNameOf } from './owner.ts';
import { matches } from './selector.ts';

/** Of a pod that is no client: that an admission policy of the network chooses it, and why it was not changed. */
export function missedByPolicy(
  pod: Named,
  network: NetworkId,
  { policies, namespaces }: Observation,
): AbsentClient | undefined {
  const { metadata } = pod;
  const labels = metadata?.labels ?? {};
  // The policies leave out the pods of the network itself.
  if (metadata?.namespace === network.namespace && NETWORK_LABEL in labels) return undefined;
  const namespace = namespaces.find((one) => one.metadata?.name === metadata?.namespace);
  const policy = ownedBy(network, policies).find(({ spec }) => {
    const { namespaceSelector = {}, objectSelector = {} } = spec?.matchConstraints ?? {};
    return matches(objectSelector, labels) && matches(namespaceSelector, namespace?.metadata?.labels ?? {});
  });
  return policy && { ...podNameOf(pod), starting: false, reason: reasonOf(pod, policy) };
}

function reasonOf(pod: Named, policy: Policy): string {
  const name = policy.metadata?.name;
  return madeAt(pod) < madeAt(policy)
    ? `it is older than the policy ${name}, which chooses it: delete it, and its controller makes another`
    : `the policy ${name} chooses it and has not changed it: see whether the policy is bound, then delete the pod`;
}

function madeAt({ metadata }: Named): number {
  return Date.parse(String(metadata?.creationTimestamp));
}
