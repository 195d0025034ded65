import type { Item } from '../../fn/krm/item.ts';
import type { Problem } from '../../fn/krm/problem.ts';
import { read } from '../../fn/krm/read.ts';
import { write } from '../../fn/krm/write.ts';

/** What is added. */
export const ADDED = [{ kind: 'Added', metadata: { name: 'x' } }];
/** A problem with all that a result can hold. */
export const PROBLEM: Problem = {
  code: 'InvalidValue',
  severity: 'error',
  message: 'must be "yes"',
  ref: { apiVersion: 'v1', kind: 'A', name: 'a', namespace: 's' },
  field: { path: 'spec.a', currentValue: 'on', proposedValue: 'yes' },
  file: { path: 'a.yaml', index: 1 },
};

/** What is to change. */
export interface Order {
  /** The new text of the first item; undefined removes it. */
  first?: string | undefined;
  added?: typeof ADDED;
  problems?: readonly Problem[];
}

/** What is written for a text with these changes. */
export function rewrite(text: string, order: Order): string {
  const { input } = read(text);
  const edited = new Map<Item, string | undefined>();
  const [first] = input.items;
  if ('first' in order && first !== undefined) edited.set(first, order.first);
  return write(input, { edited, added: order.added ?? [] }, order.problems ?? []);
}
