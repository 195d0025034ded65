import type { V1NetworkPolicy } from '@kubernetes/client-node';
import { formatCidr } from '../net/cidr.ts';
import type { NetworkPlan, NetworkPolicyPlan } from '../plan/network-plan.ts';
import { labelSelector } from './label-selector.ts';
import { inNamespace, metadata } from './metadata.ts';

/** The policies of clients that limit their primary interface: a policy knows no other. */
export function networkPolicies(plan: NetworkPlan): readonly V1NetworkPolicy[] {
  return plan.networkPolicies.map((policy) => inNamespace(plan, clientPolicy(plan, policy), policy.namespace));
}

/** Pods are named beside their networks: Cilium does not match pods by address. */
function clientPolicy(plan: NetworkPlan, { name, selector, cidrs }: NetworkPolicyPlan): V1NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(plan, 'network', name),
    spec: {
      podSelector: labelSelector(selector),
      policyTypes: ['Egress'],
      egress: [{ to: [{ namespaceSelector: {} }, ...cidrs.map((cidr) => ({ ipBlock: { cidr: formatCidr(cidr) } }))] }],
    },
  };
}
