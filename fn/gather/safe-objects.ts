import type {
  CoreV1Event,
  V1ConfigMap,
  V1DaemonSet,
  V1DaemonSetStatus,
  V1Deployment,
  V1DeploymentStatus,
  V1ObjectMeta,
} from '@kubernetes/client-node';
import type { Named, Observation, Policy } from '../cluster/observation.ts';
import { API_GROUP } from '../marks.ts';
import { fingerprintOf } from '../node/config/fingerprint.ts';
import { safeAttachment, safePool } from './safe-addresses.ts';
import { safeMetadata } from './safe-metadata.ts';
import { safePod, safeTemplate } from './safe-pod.ts';
import { stateLine, stateLines } from './words.ts';

const PROBE = 'Readiness probe failed: ';

/**
 * An observation with nothing in it but what may be told. Whatever is not named here is left out, so that a field which
 * is added to Kubernetes, or by somebody, is not in an archive either.
 */
export function safeObservation(observation: Observation): Observation {
  return {
    server: '',
    daemonSets: observation.daemonSets.map(safeDaemonSet),
    deployments: observation.deployments.map(safeDeployment),
    configMaps: observation.configMaps.map(safeConfigMap),
    attachments: observation.attachments.map(safeAttachment),
    ipPools: observation.ipPools.map(safePool),
    policies: observation.policies.map(safePolicy),
    namespaces: observation.namespaces.map(withLabels),
    pods: observation.pods.map(safePod),
    running: observation.running.map(withLabels),
    pending: observation.pending.map((pod) => ({ ...safePod(pod), ...withLabels(pod) })),
    events: observation.events.flatMap(safeEvent),
    logs: observation.logs.map((log) => ({
      ...log,
      text: stateLines('keepalived', log.text),
    })),
  };
}

/** Whom a policy chooses is found by labels, which are not written into the archive. */
function withLabels(object: Named): { readonly metadata: V1ObjectMeta } {
  return { metadata: { ...safeMetadata(object), labels: { ...object.metadata?.labels } } };
}

function safePolicy(policy: Policy): Policy {
  const { matchConstraints } = policy.spec ?? {};
  return { ...withLabels(policy), ...(matchConstraints && { spec: { matchConstraints } }) };
}

function safeDaemonSet(set: V1DaemonSet): V1DaemonSet {
  const { spec, status } = set;
  const counts = {
    ...observed(status),
    currentNumberScheduled: status?.currentNumberScheduled ?? 0,
    desiredNumberScheduled: status?.desiredNumberScheduled ?? 0,
    numberMisscheduled: status?.numberMisscheduled ?? 0,
    numberReady: status?.numberReady ?? 0,
    updatedNumberScheduled: status?.updatedNumberScheduled ?? 0,
  };
  const template = spec && safeTemplate(spec.template);
  return {
    metadata: safeMetadata(set),
    ...(template && { spec: { selector: {}, template } }),
    ...(status && { status: counts }),
  };
}

function safeDeployment(deployment: V1Deployment): V1Deployment {
  const { spec, status } = deployment;
  const template = spec && safeTemplate(spec.template);
  const replicas = spec?.replicas;
  return {
    metadata: safeMetadata(deployment),
    ...(template && { spec: { selector: {}, template, ...(replicas !== undefined && { replicas }) } }),
    ...(status && {
      status: {
        ...observed(status),
        replicas: status.replicas ?? 0,
        readyReplicas: status.readyReplicas ?? 0,
        updatedReplicas: status.updatedReplicas ?? 0,
      },
    }),
  };
}

/** Which generation of an object its controller has looked at. */
function observed(status: V1DaemonSetStatus | V1DeploymentStatus | undefined): {
  readonly observedGeneration?: number;
} {
  const { observedGeneration } = status ?? {};
  return observedGeneration === undefined ? {} : { observedGeneration };
}

/** One that is not as it was rendered may hold anything. */
export function safeConfigMap(configMap: V1ConfigMap): V1ConfigMap {
  const metadata = safeMetadata(configMap);
  const data = configMap.data ?? {};
  const isRendered =
    metadata.annotations?.[`${API_GROUP}/configuration`] === fingerprintOf(new Map(Object.entries(data)));
  return { metadata, ...(isRendered && { data }) };
}

/** What a probe of ours has printed, and of all other events that they were. */
function safeEvent({ reason, message = '', count, involvedObject, ...event }: CoreV1Event): readonly CoreV1Event[] {
  const [, container = ''] =
    /^spec\.(?:initContainers|containers)\{([^}]*)\}$/.exec(involvedObject.fieldPath ?? '') ?? [];
  const [line] = message.startsWith(PROBE) ? message.slice(PROBE.length).split('\n') : [];
  const kept = line === undefined ? undefined : stateLine(container, line.replace(/ \(configuration [\da-f]+\)$/, ''));
  const { kind, namespace, name, uid, fieldPath } = involvedObject;
  const times = { ...(event.lastTimestamp && { lastTimestamp: event.lastTimestamp }) };
  return [
    {
      metadata: safeMetadata({ metadata: event.metadata }),
      ...(reason !== undefined && { reason }),
      ...(count !== undefined && { count }),
      ...times,
      message: kept === undefined ? 'not in the archive' : `${PROBE}${kept}`,
      involvedObject: Object.fromEntries(
        Object.entries({ kind, namespace, name, uid, fieldPath }).filter(([, value]) => value !== undefined),
      ),
    },
  ];
}
