import { scalarOf } from './entries.ts';
import { isScalar } from '../reader/node.ts';
import { compose } from '../parse.ts';
import type { Root } from './root.ts';

/** A scalar that is the value of a key. */
export interface Field {
  /** Undefined if the value is not a scalar, or cannot be read. */
  readonly value: unknown;
  /** The range of the scalar, with its quotes. */
  readonly start: number;
  readonly end: number;
}

/** The scalar that a key of the root holds; undefined if there is no such key. */
export function fieldOf(root: Root, key: string): Field | undefined {
  const entry = root.entries.get(key);
  if (entry === undefined) return undefined;
  const { text } = root;
  const scalar = root.flow ? undefined : scalarOf(text, entry);
  if (scalar !== undefined) return scalar;
  const { document } = compose(text.slice(entry.value, entry.end));
  const contents = document?.contents;
  const { start, end } = contents?.range ?? { start: 0, end: 0 };
  const value = isScalar(contents) ? contents.value : document && contents === undefined ? null : undefined;
  return { value, start: entry.value + start, end: entry.value + end };
}
