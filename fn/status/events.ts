import type { CoreV1Event } from '@kubernetes/client-node';
import type { Named } from '../cluster/observation.ts';

/** What the kubelet puts before what a probe has printed. */
const PROBE = 'Readiness probe failed: ';

/** What the readiness probe of a pod printed when it failed last. */
export function lastProbe(pod: Named, events: readonly CoreV1Event[]): string | undefined {
  const [last] = newestFirst(pod, 'Unhealthy', events).filter(({ message = '' }) => message.startsWith(PROBE));
  return last?.message && oneLine(last.message.slice(PROBE.length).replace(/^not ready: /, ''));
}

/** Why a pod could not be made at last: mostly what a CNI plugin has said. */
export function lastSandboxFailure(pod: Named, events: readonly CoreV1Event[]): string | undefined {
  const [last] = newestFirst(pod, 'FailedCreatePodSandBox', events);
  return last?.message && oneLine(last.message);
}

/** Of this pod, and of no former one of its name. */
function newestFirst({ metadata }: Named, reason: string, events: readonly CoreV1Event[]): readonly CoreV1Event[] {
  return events
    .filter((event) => event.reason === reason && event.involvedObject.uid === metadata?.uid)
    .toSorted((one, other) => timeOf(other) - timeOf(one));
}

function timeOf({ series, lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
  return time === undefined ? 0 : Date.parse(String(time));
}

export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
