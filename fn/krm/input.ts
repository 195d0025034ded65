import type { Item } from './item.ts';
import type { Layout } from './layout.ts';
import type { Problem } from './problem.ts';

/** What was read, in its original order. */
export interface Input {
  /**
   * The output has the same format: a ResourceList, or documents. A stream, a `v1` List, a single
   * object and files are documents.
   */
  readonly format: 'ResourceList' | 'Documents';
  readonly items: readonly Item[];
  readonly functionConfig: Item | undefined;
  /** The input itself, from which the writer copies: a layout for each text that was read. */
  readonly source: readonly Layout[];
}

export interface ReadResult {
  readonly input: Input;
  readonly problems: readonly Problem[];
}

/** The changes of the items. An item without a change is written byte for byte as it was read. */
export interface Changes {
  /** The new text of an item, in the form that `textOf` returns; undefined removes the item. */
  readonly edited: ReadonlyMap<Item, string | undefined>;
  /** Objects that are added after the last item, in this order. */
  readonly added: readonly KubernetesObject[];
}

/** A manifest. The renderer knows the further fields of its kind. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** The network that owns an object. Its name marks the objects that it owns. */
export interface Owner {
  readonly name: string;
  readonly namespace: string;
}
