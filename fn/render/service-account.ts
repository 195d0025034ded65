import type { V1ServiceAccount } from '@kubernetes/client-node';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { metadata, type Component } from './metadata.ts';

/** An identity without any right and without a token, so that admission policies can tell agent and router from other pods. */
export function serviceAccount(plan: NetworkPlan, component: Component, name: string): V1ServiceAccount {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadata(plan, component, name),
    automountServiceAccountToken: false,
  };
}
