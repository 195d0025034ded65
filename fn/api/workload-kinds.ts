import { closest } from './unknown-field.ts';

/** The kind of objects that make pods, or are pods. */
export interface WorkloadKind {
  /** The API group; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** The path of the pod in the object; empty for a Pod. */
  readonly path: readonly string[];
}

const TEMPLATE = ['spec', 'template'];

/** Groups of Kubernetes itself that the known workloads are written with by mistake, or were in once. */
const GROUPS_OF_KUBERNETES = ['', 'apps', 'batch', 'extensions'];
const VERSIONS: Readonly<Record<string, string>> = { '': 'v1', apps: 'apps/v1', batch: 'batch/v1' };

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

/**
 * A chart that the helm-controller of Flux installs. Its pods and their labels are not in the input, so only an entry
 * that lists the kind selects it.
 */
export const HELM_RELEASE: WorkloadKind = { group: 'helm.toolkit.fluxcd.io', kind: 'HelmRelease', path: [] };

/** The kinds that an entry can list without the path of their pods. */
export const LISTED_WORKLOADS: readonly WorkloadKind[] = [...KNOWN_WORKLOADS, HELM_RELEASE];

/** The API group in an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** The known kind that a user means; the group may be left out. */
export function knownWorkload(kind: string, apiVersion: string | undefined): WorkloadKind | undefined {
  return LISTED_WORKLOADS.find(
    (known) => known.kind === kind && (apiVersion === undefined || known.group === groupOf(apiVersion)),
  );
}

/** A kind of objects as it is written. */
interface Written {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * How the known kind is written that is meant by another spelling, or by a group of Kubernetes that
 * does not have it.
 */
export function meantWorkload({ apiVersion, kind }: Written): Written | undefined {
  const group = groupOf(apiVersion);
  const isOfKubernetes = GROUPS_OF_KUBERNETES.includes(group);
  const candidates = KNOWN_WORKLOADS.filter(
    (known) => known.group === group || (isOfKubernetes && known.group in VERSIONS),
  );
  const name = closest(
    kind,
    candidates.map((known) => known.kind),
  );
  const known = candidates.find((one) => one.kind === name);
  if (known === undefined || (known.kind === kind && known.group === group)) return undefined;
  return { kind: known.kind, apiVersion: known.group === group ? apiVersion : (VERSIONS[known.group] ?? apiVersion) };
}
