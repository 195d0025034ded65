import { type Fields, isFields } from '../yaml/fields.ts';

/**
 * What an API server writes into pod templates where nothing is said (Kubernetes, pkg/apis/core/v1/defaults.go), by the
 * name of the field. A field of another place that has the same name and value is left out on both sides alike.
 */
const DEFAULTS: Readonly<Record<string, readonly unknown[]>> = {
  creationTimestamp: [null],
  defaultMode: [420],
  dnsPolicy: ['ClusterFirst'],
  failureThreshold: [3],
  imagePullPolicy: ['Always', 'IfNotPresent'],
  periodSeconds: [10],
  protocol: ['TCP'],
  restartPolicy: ['Always'],
  schedulerName: ['default-scheduler'],
  successThreshold: [1],
  terminationGracePeriodSeconds: [30],
  terminationMessagePath: ['/dev/termination-log'],
  terminationMessagePolicy: ['File'],
  timeoutSeconds: [1],
  type: [''],
};
/** What a server adds beside what is written, whatever its value. */
const ADDED = ['serviceAccount'];
/** What `kubectl rollout restart` adds, and no apply removes. */
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

/** A part of a pod template as it was written: without defaults, and without what is empty. */
export function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, withoutDefaults(inner)] as const)
      .filter(([key, inner]) => !isDefault(key, inner, value)),
  );
}

function isDefault(key: string, value: unknown, around: Fields): boolean {
  if (ADDED.includes(key) || key === RESTARTED || value === undefined) return true;
  // Of a reference to a field of the pod.
  if (key === 'apiVersion') return value === 'v1' && 'fieldPath' in around;
  if (isFields(value) && Object.keys(value).length === 0) return key !== 'emptyDir';
  return DEFAULTS[key]?.includes(value) === true;
}
