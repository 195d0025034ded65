import type { Network } from '../api/network.ts';
import type { Cidr } from '../net/cidr.ts';
import { LINK_LOCAL } from '../net/special-ranges.ts';
import { networkPolicyName } from './names.ts';
import type { NetworkPolicyPlan } from './network-plan.ts';

/**
 * The policies of the clients that have one. By the primary interface they reach what their routes leave to it, and the
 * link: node-local name servers are there.
 */
export function planNetworkPolicies(
  { name, namespace, clients }: Network,
  unrouted: readonly Cidr[],
): readonly NetworkPolicyPlan[] {
  const cidrs = [...unrouted, ...LINK_LOCAL.map(({ cidr }) => cidr)];
  const policies = clients.flatMap(({ limitedByPolicy, namespaces, labels, expressions }) => {
    if (!limitedByPolicy || namespaces.type === 'All') return [];
    const selector = { labels, expressions };
    const own = networkPolicyName(name, namespace, selector);
    return namespaces.names.map((place) => ({ name: own, namespace: place, selector, cidrs }));
  });
  // Entries that choose the same pods have one in common.
  return [...new Map(policies.map((policy) => [`${policy.namespace}/${policy.name}`, policy])).values()];
}
