import { setAnnotation } from '../krm/annotate.ts';
import { LOCAL_CONFIG_ANNOTATION } from '../krm/annotations.ts';
import { NotEditable } from '../yaml/not-editable.ts';
import type { Changes, Input, KubernetesObject, Owner } from '../krm/input.ts';
import {
  annotationsOf,
  type Identity,
  identityKey,
  identityOf,
  type Item,
  ItemUnreadable,
  keyOf,
  textOf,
  valueOf,
} from '../krm/item.ts';
import { ownerKey, ownerOf } from './owner.ts';
import { commentsLost, notOurs, orphans, unreadable, renderedTwice } from './problems.ts';
import { hasPath, place } from './placement.ts';
import type { Problem } from '../krm/problem.ts';
import { changed, rewrite } from './update.ts';

/** The objects that a network renders. */
export interface Wanted {
  readonly owner: Owner;
  /** The GatewayNetwork's own item. */
  readonly home: Item;
  readonly objects: readonly KubernetesObject[];
}

/** How many objects of a network a run adds, updates, leaves unchanged and removes. */
export interface Counts {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
}

export interface Reconciliation {
  readonly changes: Changes;
  readonly problems: readonly Problem[];
  /** By {@link ownerKey}. */
  readonly counts: ReadonlyMap<string, Counts>;
}

/** An object that a network renders. */
interface Claim {
  readonly owner: Owner;
  readonly object: KubernetesObject;
}

/** What is collected from the items. */
interface State {
  readonly edited: Map<Item, string | undefined>;
  readonly problems: Problem[];
  readonly counts: ReadonlyMap<string, { -readonly [Key in keyof Counts]: number }>;
  readonly claims: ReadonlyMap<string, Claim>;
  /** The identity keys of the existing objects that networks of this run own. */
  readonly owned: Set<string>;
  /** Networks that are not in this run, and the number of their objects. */
  readonly absent: Map<string, { readonly owner: Owner; count: number }>;
}

/**
 * Decides how the items change, so that each network has the objects that it renders: its own
 * objects are updated in place, missing ones are added, and superfluous ones are removed. Objects
 * of networks that are not in the input stay, because a filtered input must never delete anything.
 * Foreign objects never change.
 */
export function reconcile(input: Input, wanted: readonly Wanted[]): Reconciliation {
  const problems: Problem[] = [];
  const counts = new Map(
    wanted.map(({ owner }) => [ownerKey(owner), { added: 0, updated: 0, unchanged: 0, removed: 0 }]),
  );
  const claims = claimsOf(wanted, problems);
  const state: State = { edited: new Map(), problems, counts, claims, owned: new Set(), absent: new Map() };
  const homes = new Set(wanted.map(({ home }) => home));
  for (const item of input.items) {
    const identity = identityOf(item);
    if (!identity) continue;
    try {
      reconcileItem(state, item, identity);
      if (input.format === 'ResourceList' && homes.has(item)) hide(state, item);
    } catch (error) {
      if (!(error instanceof ItemUnreadable || error instanceof NotEditable)) throw error;
      problems.push(unreadable(item, identity, error.message));
    }
  }
  for (const { owner, count } of state.absent.values()) problems.push(orphans(owner, count));
  const additions = wanted.map(({ owner, home, objects }) => ({
    owner,
    home,
    objects: objects.filter((object) => !state.owned.has(identityKey(identityIn(object)))),
  }));
  for (const { owner, objects } of additions) {
    const count = counts.get(ownerKey(owner));
    if (count) count.added += objects.length;
  }
  return { changes: { edited: state.edited, added: place(additions, input.items) }, problems, counts };
}

function claimsOf(wanted: readonly Wanted[], problems: Problem[]): Map<string, Claim> {
  const claims = new Map<string, Claim>();
  for (const { owner, objects } of wanted) {
    for (const object of objects) {
      const key = identityKey(identityIn(object));
      const first = claims.get(key);
      if (first) problems.push(renderedTwice(identityIn(object), first.owner, owner));
      else claims.set(key, { owner, object });
    }
  }
  return claims;
}

function identityIn({ apiVersion = '', kind = '', metadata }: KubernetesObject): Identity {
  return { apiVersion, kind, name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' };
}

/**
 * Decides how one item changes.
 * @throws {@link ItemUnreadable} or {@link NotEditable}, if the item must be read or changed and
 * cannot be
 */
function reconcileItem(state: State, item: Item, identity: Identity): void {
  const key = keyOf(item) ?? '';
  const claim = state.claims.get(key);
  const owner = ownerOf(item);
  const count = owner && state.counts.get(ownerKey(owner));
  if (owner && !count) countAbsent(state, owner);
  if (claim && (!owner || ownerKey(owner) !== ownerKey(claim.owner))) {
    state.problems.push(notOurs(item, identity, claim.owner, owner));
    return;
  }
  if (!owner || !count) return;
  state.owned.add(key);
  if (!claim) {
    state.edited.set(item, undefined);
    count.removed += 1;
    return;
  }
  const current = valueOf(item);
  const target = changed(current, claim.object);
  count[target === undefined ? 'unchanged' : 'updated'] += 1;
  if (target === undefined) return;
  const { text, losesComments } = rewrite(textOf(item), current, target);
  state.edited.set(item, text);
  if (losesComments) state.problems.push(commentsLost(item, identity));
}

/**
 * Marks the GatewayNetwork as local, so that it is not in the output of kustomize. If the
 * orchestrator keeps files (kpt), its author decides.
 */
function hide(state: State, home: Item): void {
  if (hasPath(home) || annotationsOf(home)[LOCAL_CONFIG_ANNOTATION] !== undefined) return;
  state.edited.set(home, setAnnotation(textOf(home), ['metadata'], LOCAL_CONFIG_ANNOTATION, 'true'));
}

function countAbsent({ absent }: State, owner: Owner): void {
  const entry = absent.get(ownerKey(owner)) ?? { owner, count: 0 };
  entry.count += 1;
  absent.set(ownerKey(owner), entry);
}
