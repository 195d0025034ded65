import type { Identity } from './identity.ts';
import type { Item } from './item.ts';

/** An identity and a value that replace those in the text of an item. */
export interface Assumption {
  readonly identity: Identity;
  /** The object as plain data; by default the value of the text. */
  readonly value?: unknown;
}

/** The item with another identity or value than its text has. The output still contains the text. */
export function assume(item: Item, { identity, value }: Assumption): Item {
  return {
    ...item,
    memo: { ...item.memo, identity, key: undefined, ...(value !== undefined && { parsed: { value } }) },
  };
}
