import type { CoreV1Event, V1ConfigMap, V1DaemonSet, V1Deployment, V1Pod } from '@kubernetes/client-node';
import { NETWORK_LABEL } from '../marks.ts';
import { connect, type Connection } from './connect.ts';
import { list } from './list.ts';
import type { Answer, Attachment, IPPool, Log, Named, Observation, Policy, Question } from './observation.ts';
import { Refusal } from './refusal.ts';
import { get } from './request.ts';
import { someAtATime } from './some-at-a-time.ts';
import { together } from './together.ts';

export { tarOf } from '../files/tar.ts';
export { open } from './open.ts';
export { programAnswers } from './program-answers.ts';
export { surroundings } from './surroundings.ts';
export { survey } from './survey.ts';
export { written } from './written.ts';

/** The container of a router that knows whether it has the gateway's addresses. */
const KEEPALIVED = 'keepalived';
/** How many lines of its log are read: it says what it is when that changes. */
const LINES = 200;

/**
 * What a cluster has of gateway networks, in a number of lists that is always the same. A log is read for each router
 * of a network that has several.
 */
export async function observe(question: Question): Promise<Answer> {
  try {
    return { observation: await look(await connect(question), question) };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.message };
    throw error;
  }
}

async function look(connection: Connection, { network }: Question): Promise<Observation> {
  const labelSelector = network === undefined ? NETWORK_LABEL : `${NETWORK_LABEL}=${network}`;
  const owned = <T>(path: string, metadataOnly = false) => list<T>(connection, path, { labelSelector, metadataOnly });
  const pods = <T>(fieldSelector: string, metadataOnly = false) =>
    list<T>(connection, '/api/v1/pods', { fieldSelector, metadataOnly });
  const events = async (reason: string) =>
    list<CoreV1Event>(connection, '/api/v1/events', { fieldSelector: `reason=${reason},involvedObject.kind=Pod` });

  const { probes, made, ...found } = await together({
    daemonSets: owned<V1DaemonSet>('/apis/apps/v1/daemonsets'),
    deployments: owned<V1Deployment>('/apis/apps/v1/deployments'),
    configMaps: owned<V1ConfigMap>('/api/v1/configmaps'),
    attachments: owned<Attachment>('/apis/k8s.cni.cncf.io/v1/network-attachment-definitions'),
    ipPools: list<IPPool>(connection, '/apis/whereabouts.cni.cncf.io/v1alpha1/ippools', {}),
    policies: owned<Policy>('/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies'),
    namespaces: list<Named>(connection, '/api/v1/namespaces', { metadataOnly: true }),
    pods: owned<V1Pod>('/api/v1/pods'),
    running: pods<Named>('status.phase=Running,spec.hostNetwork=false', true),
    pending: pods<V1Pod>('status.phase=Pending,spec.hostNetwork=false'),
    probes: events('Unhealthy'),
    made: events('FailedCreatePodSandBox'),
  });
  const logs = await someAtATime(found.pods, async (pod) => logOf(connection, pod));
  return {
    server: connection.server,
    ...found,
    events: [...probes, ...made],
    logs: logs.filter((log) => log !== undefined),
  };
}

/** Nothing where there is none: the container has not started, or its node does not answer. */
async function logOf(connection: Connection, { metadata, spec }: V1Pod): Promise<Log | undefined> {
  if (spec?.containers.every(({ name }) => name !== KEEPALIVED) !== false) return undefined;
  const { name: pod = '', namespace = '' } = metadata ?? {};
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log?container=${KEEPALIVED}&tailLines=${LINES}&timestamps=true`;
  try {
    return { namespace, pod, text: await get(connection, path, 'application/json, */*') };
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
