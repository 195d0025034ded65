import { parseNetworks } from '../clients/networks-annotation.ts';
import { type NetworkId, ownedBy } from '../status/owner.ts';
import { type ClientPart, clientParts } from './client-parts.ts';
import { isSame, keyOf, type Manifest, nameOf } from './manifest.ts';

/** What becomes of the clients of a network: workloads of the input, as `Deployment apps/web`. */
export interface ClientsChange {
  /** Their pods are replaced, since what the network has written into the template changes. */
  readonly rolled: readonly string[];
  /** Their pods keep what they were given until somebody restarts them. */
  readonly restart: readonly string[];
  /** So do pods whose workloads are not of the input, if there are any. */
  readonly othersRestart: boolean;
}

/** What becomes of the clients of a network. */
export function clientEffects(
  network: NetworkId,
  before: readonly Manifest[],
  after: readonly Manifest[],
): ClientsChange {
  const partsBefore = new Map(before.map((one) => [keyOf(one), partsOf(one, network)]));
  const workloads = after.map((one) => ({
    one,
    old: partsBefore.get(keyOf(one)) ?? [],
    parts: partsOf(one, network),
    isNew: !partsBefore.has(keyOf(one)),
  }));
  const concerned = workloads.filter(({ old, parts, isNew }) => !isNew && (old.length > 0 || parts.length > 0));
  const changed = changedAttachments(before, after);
  const rolled = concerned.filter(({ old, parts }) => !isSame(old, parts));
  const restart = concerned.filter(
    (workload) => !rolled.includes(workload) && workload.parts.some((part) => asksFor(part, workload.one, changed)),
  );
  return {
    rolled: rolled.map(({ one }) => labelOfWorkload(one)),
    restart: restart.map(({ one }) => labelOfWorkload(one)),
    othersRestart: changed.size > 0 || !isSame(policies(network, before), policies(network, after)),
  };
}

/** Marks name a network, or its namespace and its name. */
function partsOf(manifest: Manifest, { namespace, name }: NetworkId): readonly ClientPart[] {
  const home = manifest.metadata.namespace ?? '';
  const isOf = (mark: string) => mark === `${namespace}/${name}` || (mark === name && home === namespace);
  return clientParts(manifest).filter(({ network }) => isOf(network));
}

/** What admission policies do to pods that are created; those that are there stay as they are. */
function policies(network: NetworkId, manifests: readonly Manifest[]): unknown {
  const own = ownedBy(network, manifests).filter(({ kind }) => kind === 'MutatingAdmissionPolicy');
  return own.map(({ metadata, spec }) => [metadata.name, spec?.['variables'], spec?.['mutations']]);
}

function labelOfWorkload({ kind, metadata }: Manifest): string {
  return `${kind} ${nameOf(metadata)}`;
}

/** Attachments that both sides have, with another configuration, as `namespace/name`. */
function changedAttachments(before: readonly Manifest[], after: readonly Manifest[]): ReadonlySet<string> {
  const old = new Map(before.filter(isAttachment).map((one) => [keyOf(one), one.spec?.config]));
  const changed = after.filter(
    (one) => isAttachment(one) && old.has(keyOf(one)) && old.get(keyOf(one)) !== one.spec?.config,
  );
  return new Set(changed.map(({ metadata }) => nameOf(metadata)));
}

function isAttachment({ kind, metadata }: Manifest): boolean {
  return kind === 'NetworkAttachmentDefinition' && metadata.labels?.['app.kubernetes.io/component'] === 'network';
}

function asksFor({ networks }: ClientPart, { metadata }: Manifest, attachments: ReadonlySet<string>): boolean {
  return (parseNetworks(networks) ?? []).some(({ namespace = metadata.namespace, name }) =>
    attachments.has(nameOf({ name, ...(namespace !== undefined && { namespace }) })),
  );
}
