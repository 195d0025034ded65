import type { V1Container, V1DaemonSet, V1PodSpec, V1ServiceAccount, V1Volume } from '@kubernetes/client-node';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { UNPRIVILEGED } from '../plan/unprivileged.ts';
import { labels, metadata, podSelector } from './metadata.ts';
import { METRICS_DIR, nodePage } from './metrics.ts';
import { commonSpec, quantities, scheduling } from './pod.ts';
import { serviceAccount } from './service-account.ts';

/** The name of the port that serves metrics. A PodMonitor finds ports by name, in all containers of a pod. */
export const PORT_NAME = 'gwn-metrics';

/** Its memory is limited, so that many connections cannot take what the pod's other containers need. */
const RESOURCES = { requests: { cpu: '1m', memory: '4Mi' }, limits: { memory: '16Mi' } };

/**
 * The container that serves the metrics of a pod or a node, at the pod's address on the primary network alone; none
 * where the network is not monitored.
 */
export function metricsServer({ monitoring, image }: NetworkPlan, volume: V1Volume): readonly V1Container[] {
  if (monitoring.type === 'None') return [];
  return [
    {
      name: 'metrics',
      image,
      // The brackets are for IPv6, and do no harm to IPv4.
      command: ['busybox', 'httpd', '-f', '-p', `[$(POD_IP)]:${monitoring.port}`, '-h', METRICS_DIR],
      env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
      ports: [{ name: PORT_NAME, containerPort: monitoring.port }],
      resources: quantities(RESOURCES),
      securityContext: UNPRIVILEGED,
      volumeMounts: [{ name: volume.name, mountPath: METRICS_DIR, readOnly: true }],
    },
  ];
}

/** Pods on the pod network that serve what the agents of their nodes write. */
export function nodeMetrics(plan: NetworkPlan): readonly (V1DaemonSet | V1ServiceAccount)[] {
  const { agent, monitoring, names } = plan;
  if (monitoring.type === 'None' || agent.type !== 'DaemonSet') return [];
  return [
    serviceAccount(plan, 'metrics', names.metrics),
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: metadata(plan, 'metrics', names.metrics),
      spec: {
        selector: { matchLabels: podSelector(plan, 'metrics') },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
        template: { metadata: { labels: labels(plan, 'metrics') }, spec: podSpec(plan) },
      },
    },
  ];
}

function podSpec(plan: NetworkPlan): V1PodSpec {
  const volume = nodePage(plan);
  return {
    terminationGracePeriodSeconds: 1,
    ...scheduling({ ...plan.placement.network, priorityClass: '' }),
    ...commonSpec(plan, plan.names.metrics),
    containers: [...metricsServer(plan, volume)],
    volumes: [volume],
  };
}
