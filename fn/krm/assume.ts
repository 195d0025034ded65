import type { Identity } from './identity.ts';
import type { Item } from './item.ts';

/** The identity and value of an item, in place of those in its text. */
export interface Assumption {
  readonly identity: Identity;
  /** The object as plain data; by default the value of the text. */
  readonly value?: unknown;
}

/** The item as another object than its text describes. The text is still what is written. */
export function assume(item: Item, { identity, value }: Assumption): Item {
  return {
    ...item,
    memo: { ...item.memo, identity, key: undefined, ...(value !== undefined && { parsed: { value } }) },
  };
}
