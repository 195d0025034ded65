import { NETWORK_LABEL } from '../marks.ts';
import type { KubernetesObject } from '../krm/input.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { metadata } from './metadata.ts';
import { METRICS_PAGE } from './metrics.ts';
import { PORT_NAME } from './metrics-server.ts';

/** Has the Prometheus Operator (API monitoring.coreos.com/v1) read the metrics of a network's pods. */
export function podMonitor(plan: NetworkPlan): KubernetesObject {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: selected(plan),
    spec: {
      selector: { matchLabels: { [NETWORK_LABEL]: plan.name } },
      podMetricsEndpoints: [
        {
          port: PORT_NAME,
          path: `/${METRICS_PAGE}`,
          relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'node' }],
        },
      ],
    },
  } as KubernetesObject;
}

/** The metadata of an object that a Prometheus selects by labels of its own. */
export function selected(plan: NetworkPlan): ReturnType<typeof metadata> {
  const own = metadata(plan, 'metrics', plan.names.metrics);
  const further = plan.monitoring.type === 'None' ? {} : plan.monitoring.labels;
  return { ...own, labels: { ...further, ...own.labels } };
}
