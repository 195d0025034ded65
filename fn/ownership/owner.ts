import { fieldsOf } from '../yaml/fields.ts';
import { isNetwork, NETWORK_LABEL, NETWORK_NAMESPACE_ANNOTATION } from '../marks.ts';
import type { Owner } from '../krm/input.ts';
import { identityOf, type Item, mentions, textOf, valueOf } from '../krm/item.ts';

/** The owner in one string. */
export function ownerKey({ namespace, name }: Owner): string {
  return `${namespace}/${name}`;
}

/**
 * The network that an item says it belongs to: the one that its label names, in its own namespace, or in that which an annotation
 * names: cluster-scoped objects, and those in the clients' namespaces. Undefined for foreign items, which are not parsed, and for GatewayNetworks.
 * @throws {@link ItemUnreadable} for an item that holds our label and is broken
 */
export function ownerOf(item: Item): Owner | undefined {
  // Escapes may hide a mention, but we never write our label with any.
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
