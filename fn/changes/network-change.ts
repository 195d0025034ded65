import { type NetworkId, ownedBy } from '../status/owner.ts';
import { type Effects, effectsOf } from './effects.ts';
import type { Manifest } from './manifest.ts';
import { type ObjectChanges, objectChanges } from './objects.ts';
import { type SpecChange, specChanges } from './spec-changes.ts';

/** A network as it is written. */
export interface SpecifiedNetwork extends NetworkId {
  readonly spec: unknown;
}

/** What is there before a change, or after it. */
export interface Side {
  /** `Cluster`: what runs, of which the specs are not known. */
  readonly from: 'Files' | 'Cluster';
  readonly networks: readonly SpecifiedNetwork[];
  /** All objects that networks have rendered, and workloads. */
  readonly manifests: readonly Manifest[];
}

/** What a change does to one network. `-o json` prints it as it stands. */
export interface NetworkChange extends NetworkId, Effects {
  /** `none`: nothing differs. */
  readonly change: 'created' | 'removed' | 'changed' | 'none';
  /** Nothing where one of the specs is not known. */
  readonly fields?: readonly SpecChange[];
  readonly objects: ObjectChanges;
}

/** What a change does to one network. */
export function networkChange(network: NetworkId, before: Side, after: Side): NetworkChange {
  const [old, wanted] = [before, after].map((side) => specOf(network, side));
  const fields = old === undefined || wanted === undefined ? undefined : specChanges(old, wanted);
  const [rendered, renders] = [before, after].map(({ manifests }) => ownedBy(network, manifests));
  const objects = objectChanges(rendered ?? [], renders ?? [], before.from === 'Cluster');
  const effects = effectsOf(network, before.manifests, after.manifests);
  const differs = [...Object.values(objects), effects.clients.rolled, fields ?? []].some((some) => some.length > 0);
  const change = rendered?.length === 0 ? 'created' : renders?.length === 0 ? 'removed' : differs ? 'changed' : 'none';
  const { namespace, name } = network;
  return { namespace, name, change, ...(fields && { fields }), ...effects, objects };
}

function specOf({ namespace, name }: NetworkId, { networks }: Side): unknown {
  return networks.find((one) => one.namespace === namespace && one.name === name)?.spec;
}
