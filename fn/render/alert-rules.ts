import type { KubernetesObject } from '../krm/input.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { ALERTS } from './alerts.ts';
import { selected } from './pod-monitor.ts';

/** Where the runbooks are: a section for each alert, in the documentation of this release. */
const RUNBOOKS = `https://github.com/gateway-network-fn/gateway-network-fn/blob/v${__VERSION__}/docs/troubleshooting.md`;

/** Has the Prometheus Operator (API monitoring.coreos.com/v1) evaluate the alerts of a network. */
export function alertRules(plan: NetworkPlan): KubernetesObject {
  const { label, namespace, names } = plan;
  // The job that the operator makes of a PodMonitor; without a namespace it is not known where that will be.
  const job = namespace === '' ? `job=~".*/${names.metrics}"` : `job="${namespace}/${names.metrics}"`;
  const rules = ALERTS.map(({ alert, severity, minutes, expression, summary, needsFailover = false }) => ({
    rule: {
      alert,
      expr: expression({ network: `network="${label}"`, job }),
      for: `${minutes}m`,
      labels: { severity, network: label },
      annotations: {
        summary: `Gateway network ${label}: ${summary}`,
        runbook_url: `${RUNBOOKS}#${alert.toLowerCase()}`,
      },
    },
    isOf: !needsFailover || plan.failover.type !== 'None',
  }));
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: selected(plan),
    spec: {
      groups: [
        {
          name: `gateway-network ${label}`,
          rules: rules.flatMap(({ rule, isOf }) => (isOf ? [rule] : [])),
        },
      ],
    },
  } as KubernetesObject;
}
