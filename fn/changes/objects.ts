import { isFields } from '../yaml/fields.ts';
import { isSame, keyOf, type Manifest } from './manifest.ts';

/** Objects of a network that come, change or go, as `ConfigMap egress/vpn-router-6803fef5dd`. */
export interface ObjectChanges {
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Compares the objects of a network. In a cluster they have more fields than were written, so that nothing is said of
 * fields that go; and ConfigMaps of earlier revisions, which stay there until they are pruned.
 */
export function objectChanges(
  before: readonly Manifest[],
  after: readonly Manifest[],
  areInCluster: boolean,
): ObjectChanges {
  const [olds, news] = [before, after].map((side) => new Map(side.map((one) => [keyOf(one), one])));
  const created = [...(news?.keys() ?? [])].filter((key) => !olds?.has(key));
  const removed = [...(olds?.keys() ?? [])].filter((key) => !news?.has(key));
  const isUnchanged = areInCluster ? covers : isSame;
  const isEarlier = (key: string) => areInCluster && key.startsWith('ConfigMap ');
  const changed = after.filter((one) => {
    const old = olds?.get(keyOf(one));
    return old !== undefined && !isUnchanged(old, one);
  });
  return { created, changed: changed.map(keyOf), removed: removed.filter((key) => !isEarlier(key)) };
}

/** Whether a value has all that is wanted; what is empty need not be there. */
function covers(present: unknown, wanted: unknown): boolean {
  if (isFields(wanted)) {
    return Object.entries(wanted).every(([key, inner]) => covers(isFields(present) ? present[key] : undefined, inner));
  }
  if (Array.isArray(wanted)) {
    const list: readonly unknown[] = Array.isArray(present) ? present : [];
    return list.length === wanted.length && wanted.every((inner, index) => covers(list[index], inner));
  }
  return wanted === present;
}
