import { fieldsOf } from '../yaml/fields.ts';
import { isNetwork, NETWORK_LABEL, NETWORK_NAMESPACE_ANNOTATION } from '../marks.ts';
import type { Owner } from '../krm/input.ts';
import { identityOf, type Item, mentions, textOf, valueOf } from '../krm/item.ts';

/** The owner as one string. */
export function ownerKey({ namespace, name }: Owner): string {
  return `${namespace}/${name}`;
}

/**
 * The network that owns an item: its label names the network. An annotation names the namespace of
 * the network, for cluster-scoped objects and for objects in the clients' namespaces; otherwise it
 * is the item's own. Undefined for GatewayNetworks, and for foreign items, which are not parsed.
 * @throws {@link ItemUnreadable} for an unreadable item with our label
 */
export function ownerOf(item: Item): Owner | undefined {
  // Escapes may hide a word, but we never write our label with escapes.
  const text = mentions(item, NETWORK_LABEL) ? textOf(item) : '';
  const identity = identityOf(item);
  if (!text.includes(NETWORK_LABEL) || (identity && isNetwork(identity))) return undefined;
  const value = valueOf(item);
  const { labels, annotations, namespace } = fieldsOf(fieldsOf(value)['metadata']);
  const name = fieldsOf(labels)[NETWORK_LABEL];
  if (typeof name !== 'string') return undefined;
  const home = fieldsOf(annotations)[NETWORK_NAMESPACE_ANNOTATION] ?? namespace;
  return { name, namespace: typeof home === 'string' ? home : '' };
}
