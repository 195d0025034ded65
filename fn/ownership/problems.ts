import { API_VERSION, KIND, NETWORK_LABEL, NETWORK_NAMESPACE_ANNOTATION } from '../marks.ts';
import type { Owner } from '../krm/input.ts';
import { refOf } from '../krm/identity.ts';
import { fileOf, type Identity, type Item } from '../krm/item.ts';
import type { Problem } from '../krm/problem.ts';

/** A network renders an object that exists and does not belong to the network. */
export function notOurs(item: Item, identity: Identity, wanting: Owner, owner: Owner | undefined): Problem {
  const whose = owner ? `belongs to GatewayNetwork "${labelOf(owner)}"` : 'belongs to no GatewayNetwork';
  const annotation =
    identity.namespace !== wanting.namespace
      ? ` and the annotation \`${NETWORK_NAMESPACE_ANNOTATION}: ${wanting.namespace}\``
      : '';
  return {
    code: 'NotOurs',
    severity: 'error',
    message:
      `GatewayNetwork "${labelOf(wanting)}" renders it, but the existing object ${whose}: rename the network, remove the object, ` +
      `or hand it over with the label \`${NETWORK_LABEL}: ${wanting.name}\`${annotation}`,
    ...placeOf(item, identity),
    field: {
      path: `metadata.labels["${NETWORK_LABEL}"]`,
      ...(owner && { currentValue: owner.name }),
      proposedValue: wanting.name,
    },
  };
}

/** Two networks of one run render the same object. */
export function renderedTwice(identity: Identity, first: Owner, second: Owner): Problem {
  return {
    code: 'Collision',
    severity: 'error',
    message: `GatewayNetworks "${labelOf(first)}" and "${labelOf(second)}" both render it: rename one of the two networks`,
    ref: refOf(identity),
  };
}

/** There are objects of a network that is not in the input. */
export function orphans(owner: Owner, count: number): Problem {
  const [stay, them] =
    count === 1
      ? ['1 object of it is left unchanged', 'the object']
      : [`${count} objects of it are left unchanged`, 'the objects'];
  return {
    code: 'Orphan',
    severity: 'warning',
    message: `the network is not in the input, so ${stay}: delete ${them} if the network was deleted`,
    ref: refOf({ apiVersion: API_VERSION, kind: KIND, ...owner }),
  };
}

/** A rendered object changes, and somebody has added comments to it. */
export function commentsLost(item: Item, identity: Identity): Problem {
  return {
    code: 'Advice',
    severity: 'warning',
    message: 'it is rendered again, and its comments are lost: move them to the GatewayNetwork',
    ...placeOf(item, identity),
  };
}

/** An item must be read or changed, and cannot be. */
export function unreadable(item: Item, identity: Identity, reason: string): Problem {
  return {
    code: 'UnreadableInput',
    severity: 'error',
    message: `it cannot be changed: ${reason}`,
    ...placeOf(item, identity),
  };
}

function placeOf(item: Item, identity: Identity): Pick<Problem, 'ref' | 'file'> {
  const file = fileOf(item);
  return { ref: refOf(identity), ...(file && { file }) };
}

/** The name of a network in messages, with its namespace if it has one. */
function labelOf({ name, namespace }: Owner): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
