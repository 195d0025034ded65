import { HELM_RELEASE, KNOWN_WORKLOADS } from '../api/workload-kinds.ts';
import { visible } from '../files/visible.ts';
import { identityOf, type Item, valueOf } from '../krm/item.ts';
import { documentsOf, type OutputDocument } from '../krm/write.ts';
import { API_GROUP, isNetwork } from '../marks.ts';
import type { Outcome } from '../run.ts';
import { fieldsOf } from '../yaml/fields.ts';
import { parse } from '../yaml/parse.ts';
import type { Manifest } from './manifest.ts';
import type { Side, SpecifiedNetwork } from './network-change.ts';

/** Kinds that have no namespace, of those that networks render. */
const CLUSTER_SCOPED = /^(?:Link|(?:Mutating|Validating)AdmissionPolicy(?:Binding)?)$/;
const WORKLOADS = new Set([...KNOWN_WORKLOADS, HELM_RELEASE].map(({ kind }) => kind));

/** What is rendered of an input. Objects that name no namespace are in the one that is given, if one is. */
export function sideOf({ input, changes }: Outcome, namespace: string | undefined): Side {
  return {
    from: 'Files',
    networks: input.items.flatMap((item) => networkIn(item, namespace ?? '')),
    manifests: documentsOf(input, changes).flatMap((document) => manifestIn(document, namespace)),
  };
}

function networkIn(item: Item, home: string): readonly SpecifiedNetwork[] {
  const identity = identityOf(item);
  if (identity === undefined || !isNetwork(identity)) return [];
  const { name, namespace } = identity;
  return [{ namespace: namespace || home, name, spec: fieldsOf(valueOf(item))['spec'] }];
}

/** Other objects are not looked at, nor need they be readable. */
function manifestIn({ identity, text }: OutputDocument, home: string | undefined): readonly Manifest[] {
  if (identity === undefined || !(WORKLOADS.has(identity.kind) || text.includes(API_GROUP))) return [];
  const { value, failure } = parse(text);
  if (failure !== undefined) return [];
  const manifest = value as Manifest;
  const { namespace: _, ...metadata } = fieldsOf(manifest.metadata);
  // Workloads are not checked: a name may be of any type, and have characters that a terminal would obey.
  const name = visible(identity.name);
  const namespace = identity.namespace === '' ? home : visible(identity.namespace);
  const isPlaced = namespace !== undefined && !CLUSTER_SCOPED.test(identity.kind);
  return [{ ...manifest, metadata: { ...metadata, name, ...(isPlaced && { namespace }) } }];
}
