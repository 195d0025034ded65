import type { Field } from '../yaml/text/field.ts';
import type { Root } from '../yaml/text/root.ts';
import type { Sequence } from '../yaml/text/sequence.ts';
import type { Source } from '../yaml/text/source.ts';

/** The layout of one text: what the writer needs besides the items. */
export interface Layout {
  readonly source: Source;
  /** Only for a ResourceList. */
  readonly frame: Frame | undefined;
  /** All sequences and streams that hold items, in the order of the text. */
  readonly sequences: readonly Sequence[];
  /** Where new objects are added. */
  readonly last: Sequence;
}

/** The parts of a ResourceList besides its items and its functionConfig. */
export interface Frame {
  readonly root: Root;
  readonly apiVersion: Field | undefined;
  readonly results: Sequence;
}
