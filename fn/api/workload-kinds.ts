/** The kind of objects that make pods, or are pods. */
export interface WorkloadKind {
  /** The API group; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** Where the pod stands in the object, by the names of the fields; empty for a Pod, which is one itself. */
  readonly path: readonly string[];
}

const TEMPLATE = ['spec', 'template'];

/** The workloads of Kubernetes, and the Rollout of Argo, whose fields are those of a Deployment. */
export const KNOWN_WORKLOADS: readonly WorkloadKind[] = [
  { group: '', kind: 'Pod', path: [] },
  { group: 'apps', kind: 'Deployment', path: TEMPLATE },
  { group: 'apps', kind: 'StatefulSet', path: TEMPLATE },
  { group: 'apps', kind: 'DaemonSet', path: TEMPLATE },
  { group: 'apps', kind: 'ReplicaSet', path: TEMPLATE },
  { group: '', kind: 'ReplicationController', path: TEMPLATE },
  { group: 'batch', kind: 'Job', path: TEMPLATE },
  { group: 'batch', kind: 'CronJob', path: ['spec', 'jobTemplate', ...TEMPLATE] },
  { group: 'argoproj.io', kind: 'Rollout', path: TEMPLATE },
];

/** The API group in an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** The known kind that a user means; the group may be left out. */
export function knownWorkload(kind: string, apiVersion: string | undefined): WorkloadKind | undefined {
  return KNOWN_WORKLOADS.find(
    (known) => known.kind === kind && (apiVersion === undefined || known.group === groupOf(apiVersion)),
  );
}
