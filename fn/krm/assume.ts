import type { Identity } from './identity.ts';
import type { Item } from './item.ts';

/** What an item is taken for, whatever its text says. */
export interface Assumption {
  readonly identity: Identity;
  /** The object as plain data; by default what the text says. */
  readonly value?: unknown;
}

/** The item, taken for another object than its text says. The text, which is what leaves, stays. */
export function assume(item: Item, { identity, value }: Assumption): Item {
  return {
    ...item,
    memo: { ...item.memo, identity, key: undefined, ...(value !== undefined && { parsed: { value } }) },
  };
}
