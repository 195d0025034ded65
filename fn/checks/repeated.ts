import { isLocalConfig } from '../krm/annotations.ts';
import { isNetwork } from '../marks.ts';
import { type Identity, identityKey, refOf } from '../krm/identity.ts';
import type { Input } from '../krm/input.ts';
import { annotationsOf, fileOf, identityOf, type Item, keyOf } from '../krm/item.ts';
import { placeOf } from '../krm/place.ts';
import type { Problem } from '../krm/problem.ts';

/** Where kinds of the group `extensions` are today: the API server kept one object for both groups. */
const MOVED: Readonly<Record<string, string>> = {
  DaemonSet: 'apps',
  Deployment: 'apps',
  ReplicaSet: 'apps',
  Ingress: 'networking.k8s.io',
  NetworkPolicy: 'networking.k8s.io',
};

/** Duplicate objects: in the cluster, one would replace the other. */
export function repeated({ items }: Input): readonly Problem[] {
  const first = new Map<string | undefined, Item>();
  const problems: Problem[] = [];
  for (const item of items) {
    const identity = identityOf(item);
    // The API server generates a name.
    if (identity === undefined || identity.name === '') continue;
    const key = keyNow(item, identity);
    const other = first.get(key);
    if (other === undefined) first.set(key, item);
    // A network is rendered even if it is local configuration.
    else if (isNetwork(identity) || ![other, item].some(isLocal)) problems.push(twice(item, other, identity));
  }
  return problems;
}

function keyNow(item: Item, identity: Identity): string | undefined {
  const group = identity.apiVersion.startsWith('extensions/') ? MOVED[identity.kind] : undefined;
  return group === undefined ? keyOf(item) : identityKey({ ...identity, apiVersion: `${group}/v1` });
}

/** Local configuration is never applied. */
function isLocal(item: Item): boolean {
  return isLocalConfig(annotationsOf(item));
}

function twice(item: Item, first: Item, identity: Identity): Problem {
  const file = fileOf(item);
  return {
    code: isNetwork(identity) ? 'DuplicateNetwork' : 'Collision',
    severity: 'error',
    message: `it is defined twice, in ${placeOf(first)} and in ${placeOf(item)}: remove one of the two`,
    ref: refOf(identity),
    ...(file && { file }),
  };
}
