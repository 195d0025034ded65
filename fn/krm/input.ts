import type { Item } from './item.ts';
import type { Layout } from './layout.ts';
import type { Problem } from './problem.ts';

/** What was read, in the order in which it came. */
export interface Input {
  /** A `ResourceList` is answered with one; documents (a stream, a `v1` List, a bare object, files) with plain documents. */
  readonly format: 'ResourceList' | 'Documents';
  readonly items: readonly Item[];
  readonly functionConfig: Item | undefined;
  /** The input itself, which the writer copies from: a layout for each text that was read. */
  readonly source: readonly Layout[];
}

export interface ReadResult {
  readonly input: Input;
  readonly problems: readonly Problem[];
}

/** The changes of the items. Items without a change leave as the bytes they came in. */
export interface Changes {
  /** New text of an item, in the form that `textOf` gives; `undefined` removes it. */
  readonly edited: ReadonlyMap<Item, string | undefined>;
  /** Appended after the last item, in this order. */
  readonly added: readonly KubernetesObject[];
}

/** A plain manifest: the shapes of its kind are the renderer's concern. */
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

/** A network's own name, which marks what it owns. */
export interface Owner {
  readonly name: string;
  readonly namespace: string;
}
