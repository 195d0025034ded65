import type { KubernetesObject } from '../krm/input.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { alertRules } from './alert-rules.ts';
import { dashboard } from './dashboard.ts';
import { nodeMetrics } from './metrics-server.ts';
import { podMonitor } from './pod-monitor.ts';

/** What serves the metrics of the nodes, and has all metrics of a network read, watched and shown. */
export function monitoring(plan: NetworkPlan): readonly KubernetesObject[] {
  if (plan.monitoring.type === 'None') return [];
  return [...nodeMetrics(plan), podMonitor(plan), alertRules(plan), dashboard(plan, plan.monitoring.dashboard)];
}
