import type { V1ContainerStatus, V1Pod, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import { safeMetadata } from './safe-metadata.ts';
import { stateLine } from './words.ts';

/** What may be told of a pod: which containers of which images it has, where it is, and how they are. */
export function safePod(pod: V1Pod): V1Pod {
  const { spec, status = {} } = pod;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: safeMetadata(pod),
    ...(spec && { spec: safePodSpec(spec) }),
    status: {
      ...(status.phase !== undefined && { phase: status.phase }),
      ...(status.reason !== undefined && { reason: status.reason }),
      conditions: (status.conditions ?? []).map(({ type, status: value, reason, lastTransitionTime }) => ({
        type,
        status: value,
        ...(reason !== undefined && { reason }),
        ...(lastTransitionTime !== undefined && { lastTransitionTime }),
      })),
      initContainerStatuses: (status.initContainerStatuses ?? []).map(safeContainerStatus),
      containerStatuses: (status.containerStatuses ?? []).map(safeContainerStatus),
    },
  };
}

/** Of a template: no arguments, no environment, no annotations of others. */
export function safeTemplate({ metadata, spec }: V1PodTemplateSpec): V1PodTemplateSpec {
  return { metadata: safeMetadata({ ...(metadata && { metadata }) }), ...(spec && { spec: safePodSpec(spec) }) };
}

/** The volume with our configuration is told by the name of its ConfigMap. */
function safePodSpec({ nodeName, initContainers = [], containers, volumes = [] }: V1PodSpec): V1PodSpec {
  const named = (all: typeof containers) =>
    all.map(({ name, image }) => ({ name, ...(image !== undefined && { image }) }));
  const config = volumes.filter(({ name, configMap }) => name === 'config' && configMap?.name !== undefined);
  return {
    ...(nodeName !== undefined && { nodeName }),
    initContainers: named(initContainers),
    containers: named(containers),
    volumes: config.map(({ name, configMap }) => ({ name, configMap: { name: configMap?.name ?? '' } })),
  };
}

function safeContainerStatus(status: V1ContainerStatus): V1ContainerStatus {
  const { name, image, imageID, ready, restartCount, state, lastState } = status;
  return {
    name,
    image,
    imageID,
    ready,
    restartCount,
    ...(state && { state: safeState(name, state) }),
    ...(lastState && { lastState: safeState(name, lastState) }),
  };
}

type State = NonNullable<V1ContainerStatus['state']>;

/** What a container has said at last is told where it is one of ours, and the line is of its state. */
function safeState(container: string, { running, waiting, terminated }: State): State {
  const last = terminated?.message?.trim().split('\n').at(-1) ?? '';
  const message = stateLine(container, last);
  return {
    ...(running && { running: { ...(running.startedAt && { startedAt: running.startedAt }) } }),
    ...(waiting?.reason !== undefined && { waiting: { reason: waiting.reason } }),
    ...(terminated && {
      terminated: {
        exitCode: terminated.exitCode,
        ...(terminated.reason !== undefined && { reason: terminated.reason }),
        ...(terminated.finishedAt && { finishedAt: terminated.finishedAt }),
        ...(message !== undefined && { message }),
      },
    }),
  };
}
