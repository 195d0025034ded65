import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import { GUARD } from '../plan/guard.ts';
import { lastSandboxFailure, oneLine } from './events.ts';
import { conditionOf } from './member.ts';

/** How long a pod may take to be attached before that is called wrong, in milliseconds. */
const USUAL = 60_000;

/** What keeps a pod from being attached; nothing where nobody has said so. */
export function whyPending(pod: V1Pod, events: readonly CoreV1Event[]): string | undefined {
  const guard = guardWords(pod);
  if (guard !== undefined) return `the guard keeps it from starting: ${guard}`;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False') return `not scheduled: ${oneLine(scheduled.message ?? scheduled.reason ?? '')}`;
  // Of a pod that was made in the end, events of before are told for an hour.
  if (conditionOf(pod, 'PodReadyToStartContainers')?.status === 'True') return undefined;
  return lastSandboxFailure(pod, events);
}

/** What the guard said when it ended badly, or why it does not start. */
function guardWords({ status }: V1Pod): string | undefined {
  const guard = status?.initContainerStatuses?.find(({ name }) => name === GUARD);
  const { waiting, terminated } = guard?.state ?? {};
  if (terminated?.exitCode === 0) return undefined;
  const ended = terminated ?? guard?.lastState?.terminated;
  if (ended !== undefined) return lastLine(ended.message) ?? `it has ended with ${ended.exitCode}`;
  if (waiting === undefined || waiting.reason === 'PodInitializing' || waiting.reason === 'ContainerCreating') {
    return undefined;
  }
  return oneLine([waiting.reason, waiting.message].filter(Boolean).join(': '));
}

function lastLine(text: string | undefined): string | undefined {
  return text?.trim().split('\n').at(-1) || undefined;
}

/** A pod that is made in the future is one of a cluster with another clock, of which no age is known. */
export function isStarting({ metadata }: V1Pod, now: number): boolean {
  return Math.abs(now - Date.parse(String(metadata?.creationTimestamp))) < USUAL;
}
