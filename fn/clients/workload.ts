import { NETWORK_LABEL } from '../krm/annotations.ts';
import { type Identity, type Item, identityOf, valueOf } from '../krm/item.ts';

/** A pod, or an object that makes pods of a template. */
export interface Workload {
  readonly item: Item;
  readonly identity: Identity;
  /** Where the pods' metadata stands in the object. */
  readonly metadataPath: readonly string[];
  readonly labels: Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly hostNetwork: boolean;
  /** Whether it is a router or node agent of ours. */
  readonly rendered: boolean;
}

const TEMPLATE = ['spec', 'template'];

/** Where the pods of each kind stand, by API group and kind. */
const POD_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['/Pod', []],
  ['apps/Deployment', TEMPLATE],
  ['apps/StatefulSet', TEMPLATE],
  ['apps/DaemonSet', TEMPLATE],
  ['apps/ReplicaSet', TEMPLATE],
  ['batch/Job', TEMPLATE],
  ['batch/CronJob', ['spec', 'jobTemplate', ...TEMPLATE]],
]);

/** Where the pod of a workload's kind stands in the object; undefined for every other kind. */
export function podPath({ apiVersion, kind }: Identity): readonly string[] | undefined {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return POD_PATHS.get(`${group}/${kind}`);
}

/** Parses a workload; undefined for an object that is none. Throws ItemUnreadable where the YAML is broken. */
export function readWorkload(item: Item): Workload | undefined {
  const identity = identityOf(item);
  const path = identity && podPath(identity);
  if (identity === undefined || path === undefined) return undefined;
  const value = valueOf(item);
  const pod = path.reduce<unknown>((parent, key) => record(parent)[key], value);
  const metadata = record(record(pod)['metadata']);
  return {
    item,
    identity,
    metadataPath: [...path, 'metadata'],
    labels: record(metadata['labels']),
    annotations: record(metadata['annotations']),
    hostNetwork: record(record(pod)['spec'])['hostNetwork'] === true,
    rendered: record(record(record(value)['metadata'])['labels'])[NETWORK_LABEL] !== undefined,
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
