import type {
  CoreV1Event,
  V1ContainerStatus,
  V1DaemonSet,
  V1DaemonSetStatus,
  V1Deployment,
  V1DeploymentStatus,
  V1Pod,
  V1PodTemplateSpec,
} from '@kubernetes/client-node';
import { lastProbe, oneLine } from './events.ts';
import type { Member } from './network-status.ts';
import { NONE_TOLD, toldBy } from './told.ts';

/** How a pod of an agent or a router is, which the template of its DaemonSet or Deployment would make now. */
export function memberOf(
  pod: V1Pod,
  template: V1PodTemplateSpec,
  events: readonly CoreV1Event[],
  told = NONE_TOLD,
): Member {
  const ready = conditionOf(pod, 'Ready')?.status === 'True';
  const reason = ready ? whyOutdated(pod, template) : whyNotReady(pod, events);
  const node = pod.spec?.nodeName;
  return {
    pod: pod.metadata?.name ?? '',
    ...(node !== undefined && { node }),
    ready,
    ...(reason !== undefined && { reason }),
    ...toldBy(pod, told),
  };
}

/** Why a pod is not ready, by whoever knows best: the scheduler, the kubelet, or the program itself. */
function whyNotReady(pod: V1Pod, events: readonly CoreV1Event[]): string {
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False') return `not scheduled: ${oneLine(scheduled.message ?? scheduled.reason ?? '')}`;
  return (
    whyEnded(pod) ??
    stoppedContainer(pod) ??
    lastProbe(pod, events) ??
    oneLine(conditionOf(pod, 'Ready')?.message ?? pod.status?.message ?? pod.status?.reason ?? 'nothing has said why')
  );
}

/** Of a pod that has ended, such as one that was evicted: its containers say less, if anything. */
function whyEnded({ status }: V1Pod): string | undefined {
  const { phase, reason, message } = status ?? {};
  if ((phase !== 'Failed' && phase !== 'Succeeded') || reason === undefined) return undefined;
  return [`it has ended: ${reason}`, ...(message ? [oneLine(message)] : [])].join(': ');
}

/** What keeps a container of a pod from running. */
function stoppedContainer({ status }: V1Pod): string | undefined {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return containers.map(whyStopped).find((reason) => reason !== undefined);
}

/** Reasons of a container that waits for nothing but its turn. */
const IN_TURN = ['ContainerCreating', 'PodInitializing'];

function whyStopped({ name, state, lastState }: V1ContainerStatus): string | undefined {
  const { waiting, terminated } = state ?? {};
  if (waiting !== undefined && !IN_TURN.includes(waiting.reason ?? '')) {
    const words = lastState?.terminated?.message ?? waiting.message;
    return [`container ${name}: ${waiting.reason}`, ...(words ? [oneLine(words)] : [])].join(': ');
  }
  if (terminated === undefined || terminated.exitCode === 0) return undefined;
  const words = terminated.message ?? terminated.reason ?? '';
  return `container ${name} has ended with ${terminated.exitCode}: ${oneLine(words)}`;
}

/**
 * The template that pods are compared with. Where a controller says that all pods are of the latest revision, another
 * image is the work of an admission webhook, as of a mirror of registries: no images are compared then.
 */
export function comparedTemplate({ metadata, spec, status }: V1DaemonSet | V1Deployment): V1PodTemplateSpec {
  const { template = {} } = spec ?? {};
  const { generation } = metadata ?? {};
  const isSeen = generation !== undefined && (status?.observedGeneration ?? 0) >= generation;
  if (!isSeen || template.spec === undefined || !isUpdated(status)) return template;
  return { ...template, spec: { ...template.spec, containers: [] } };
}

function isUpdated(status: V1DaemonSetStatus | V1DeploymentStatus | undefined): boolean {
  if (status === undefined) return false;
  if ('desiredNumberScheduled' in status) return status.updatedNumberScheduled === status.desiredNumberScheduled;
  return status.updatedReplicas !== undefined && status.updatedReplicas === status.replicas;
}

/** What a pod has of an earlier revision, as while a change is rolled out. */
function whyOutdated(pod: V1Pod, template: V1PodTemplateSpec): string | undefined {
  const [wanted, present] = [configMapOf(template.spec), configMapOf(pod.spec)];
  if (wanted !== present) return `of an earlier revision: it has the configuration ${present}, not ${wanted}`;
  const images = template.spec?.containers.map(({ name, image }) => [name, image] as const) ?? [];
  const other = images.find(([name, image]) => imageOf(pod, name) !== image);
  return other && `of an earlier revision: it runs ${imageOf(pod, other[0])}, not ${other[1]}`;
}

function imageOf({ spec }: V1Pod, container: string): string | undefined {
  return spec?.containers.find(({ name }) => name === container)?.image;
}

/** The ConfigMap that the programs of a pod read. */
export function configMapOf(spec: V1PodTemplateSpec['spec']): string | undefined {
  return spec?.volumes?.find(({ name }) => name === 'config')?.configMap?.name;
}

export function conditionOf({ status }: V1Pod, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}
