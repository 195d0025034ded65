import { CLOSE_BRACKET } from './characters.ts';
import type { Entry } from './entries.ts';
import type { Range } from './json.ts';
import { columnOf, nextLine } from './lines.ts';
import type { Root } from './root.ts';
import type { Slice } from './slice.ts';

/** Where objects stand one after the other, as far as the writer must know to add and remove some. */
export type Sequence = Stream | BlockSequence | FlowSequence | EmptySequence | MissingSequence;

/** The documents of a text. */
export interface Stream {
  readonly style: 'Stream';
}

/** Elements behind dashes. */
export interface BlockSequence {
  readonly style: 'Block';
  /** Of the dashes. */
  readonly column: number;
  /** Just behind the colon of the key. */
  readonly colon: number;
  readonly slices: readonly Slice[];
}

/** Elements in brackets, at least one. */
export interface FlowSequence {
  readonly style: 'Flow';
  /** Between the brackets. */
  readonly start: number;
  readonly end: number;
  /** The column of the elements if they are on separate lines. */
  readonly indent: number | undefined;
  readonly slices: readonly Slice[];
}

/** A key without elements: `from` to `to` is its value (`null`, `[]`, nothing), the line behind it begins at `end`. */
export interface EmptySequence {
  readonly style: 'Empty';
  readonly root: Root;
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

/** A key that is not there. */
export interface MissingSequence {
  readonly style: 'Missing';
  readonly root: Root;
  readonly key: string;
}

/** A key whose value, if any, ends at `to`. */
export function emptySequence(root: Root, entry: Entry, to: number): EmptySequence {
  return { style: 'Empty', root, from: entry.value, to, end: nextLine(root.text, to, entry.end) };
}

/** Elements in brackets that open at `open` and close before `end`. */
export function flowSequence(text: string, open: number, end: number, elements: readonly Range[]): FlowSequence {
  const first = elements[0]?.start ?? end;
  const isTall = text.slice(open, first).includes('\n');
  return {
    style: 'Flow',
    start: open + 1,
    end: text.charCodeAt(end - 1) === CLOSE_BRACKET ? end - 1 : end,
    indent: isTall ? columnOf(text, 0, first) : undefined,
    slices: elements.map((element) => ({ ...element, outer: element.start, column: 0 })),
  };
}
