import { quote } from '../api/quote.ts';
import { closest } from '../api/unknown-field.ts';
import { groupOf } from '../api/workload-kinds.ts';
import { type Inner, objectsIn } from '../clients/foreign-pods.ts';
import { API_GROUP, API_VERSION, KIND, RENDER_KIND } from '../marks.ts';
import { type Identity, refOf } from '../krm/identity.ts';
import { fileOf, identityOf, type Item, ItemUnreadable, mentions, valueOf } from '../krm/item.ts';
import type { Problem } from '../krm/problem.ts';

/** An `apiVersion` of our group, in any case of its letters. */
const OUR_GROUP = new RegExp(`^${API_GROUP.replaceAll('.', '\\.')}(?:/|$)`, 'i');
const OUR_KIND = new RegExp(`^${KIND}s?$`, 'i');

/**
 * An object with a misspelled `kind` or `apiVersion` of a GatewayNetwork. It would pass through as a foreign object.
 * A `GatewayNetwork` of a group that does not resemble ours is a foreign object.
 */
export function misspelledNetwork(item: Item): Problem | undefined {
  const identity = identityOf(item);
  if (identity === undefined) return undefined;
  const { apiVersion, kind } = identity;
  if (OUR_GROUP.test(apiVersion)) return ofOurGroup(item, identity);
  if (/list$/i.test(kind)) return inList(item, identity);
  if (!isMeant(kind)) return undefined;
  const group = groupOf(apiVersion).toLowerCase();
  if (group !== '' && !resemblesOurs(group)) return undefined;
  return wrong(item, identity, { path: 'apiVersion', currentValue: apiVersion, proposedValue: API_VERSION });
}

function ofOurGroup(item: Item, identity: Identity): Problem | undefined {
  const { apiVersion, kind } = identity;
  const isOurs = apiVersion.startsWith(`${API_GROUP}/`);
  if (kind === RENDER_KIND || (kind === KIND && isOurs)) return undefined;
  if (kind === KIND)
    return wrong(item, identity, { path: 'apiVersion', currentValue: apiVersion, proposedValue: API_VERSION });
  const because = kind.endsWith('List')
    ? '; write each network as a separate document, or the list as a `v1` List'
    : '';
  return wrong(item, identity, { path: 'kind', currentValue: kind, proposedValue: KIND }, because);
}

/** A network in a list whose items are not read. */
function inList(item: Item, identity: Identity): Problem | undefined {
  if (!mentions(item, API_GROUP)) return undefined;
  const network = objectsOf(item, identity).find(
    ({ identity: { apiVersion, kind } }) => OUR_GROUP.test(apiVersion) && isMeant(kind),
  );
  if (network === undefined) return undefined;
  const file = fileOf(item);
  const { place } = network;
  return {
    code: 'InvalidValue',
    severity: 'error',
    message:
      `\`${place}\` is a ${KIND}, and must not be in this ${identity.kind}, because only \`v1\` Lists are read: ` +
      'write it as a separate document',
    ref: refOf(network.identity),
    ...(file && { file }),
    field: { path: place },
  };
}

/** Unreadable items are reported where they are read. */
function objectsOf(item: Item, identity: Identity): readonly Inner[] {
  try {
    const value = valueOf(item);
    // kubectl knows the kind in this spelling alone.
    return objectsIn(value, { ...identity, kind: identity.kind.replace(/list$/i, 'List') });
  } catch (error) {
    if (!(error instanceof ItemUnreadable)) throw error;
    return [];
  }
}

/** `gateway-network.dev` and `gatewaynetwork.io` do. */
function resemblesOurs(group: string): boolean {
  const [name = '', ...domain] = group.split('.');
  const isNamedSo = closest(name, [API_GROUP.replace(/\..*/, '')]) !== undefined && domain.length < 2;
  return isNamedSo || closest(group, [API_GROUP]) !== undefined;
}

/** Whether a kind is ours in another case, or in the plural. */
function isMeant(kind: string): boolean {
  return OUR_KIND.test(kind);
}

interface Wrong {
  readonly path: string;
  readonly currentValue: string;
  readonly proposedValue: string;
}

function wrong(item: Item, identity: Identity, field: Wrong, because = ''): Problem {
  const file = fileOf(item);
  return {
    code: 'InvalidValue',
    severity: 'error',
    message: `\`${field.path}\` must be ${quote(field.proposedValue)}, not ${quote(field.currentValue)}${because}`,
    ref: refOf(identity),
    ...(file && { file }),
    field,
  };
}
