import type { V1ServiceAccount } from '@kubernetes/client-node';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { metadata, type Component } from './metadata.ts';

/** A ServiceAccount without rights and token, by which admission policies can recognise agent and router. */
export function serviceAccount(plan: NetworkPlan, component: Component, name: string): V1ServiceAccount {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadata(plan, component, name),
    automountServiceAccountToken: false,
  };
}
