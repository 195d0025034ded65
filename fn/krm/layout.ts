import type { Field } from '../yaml/text/field.ts';
import type { Root } from '../yaml/text/root.ts';
import type { Sequence } from '../yaml/text/sequence.ts';
import type { Source } from '../yaml/text/source.ts';

/** The layout of one text: what the writer needs beside the items. */
export interface Layout {
  readonly source: Source;
  /** The frame of a ResourceList. */
  readonly frame: Frame | undefined;
  /** Everything that holds items, in the order of the text. */
  readonly sequences: readonly Sequence[];
  /** Where added objects go. */
  readonly last: Sequence;
}

/** What a ResourceList holds beside its items and its functionConfig. */
export interface Frame {
  readonly root: Root;
  readonly apiVersion: Field | undefined;
  readonly results: Sequence;
}
