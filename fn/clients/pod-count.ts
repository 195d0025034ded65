import type { Fields } from '../yaml/fields.ts';
import type { Workload } from './workload.ts';

/** Why a workload may have several pods at once. */
export interface SeveralPods {
  readonly path: string;
  readonly value: unknown;
  /** What is allowed, after "must be". */
  readonly must: string;
}

/** The field with the number of pods of each kind; 1 where it is absent. */
const COUNTS: Readonly<Record<string, string>> = {
  Deployment: 'replicas',
  StatefulSet: 'replicas',
  ReplicaSet: 'replicas',
  ReplicationController: 'replicas',
  Job: 'parallelism',
};
const GROUPS: Readonly<Record<string, string>> = { Pod: 'v1', ReplicationController: 'v1', Job: 'batch/v1' };

/** Whether a workload may have more than one pod at once, updates left aside; undefined where it has one at most. */
export function severalPods({ identity, objectSpec }: Workload): SeveralPods | undefined {
  const { kind, apiVersion } = identity;
  const field = COUNTS[kind];
  if (apiVersion !== (GROUPS[kind] ?? 'apps/v1') || (kind !== 'Pod' && field === undefined)) {
    const must = 'Pod, Deployment, StatefulSet, ReplicaSet, ReplicationController or Job';
    return { path: 'kind', value: kind, must };
  }
  const value = field === undefined ? 1 : (objectSpec[field] ?? 1);
  return value === 0 || value === 1 ? undefined : { path: `spec.${field}`, value, must: '1' };
}

/**
 * Whether a new pod starts before the old one has ended when a Deployment changes; at most a
 * quarter more, by default.
 */
export function surges({ identity, objectSpec }: Workload): boolean {
  if (identity.kind !== 'Deployment') return false;
  const strategy = fieldOf(objectSpec, 'strategy');
  if (strategy['type'] === 'Recreate') return false;
  return ![0, '0', '0%'].includes((fieldOf(strategy, 'rollingUpdate')['maxSurge'] ?? '25%') as number | string);
}

function fieldOf(parent: Fields, key: string): Fields {
  const value = parent[key];
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
