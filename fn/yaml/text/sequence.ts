import { CLOSE_BRACKET } from './characters.ts';
import type { Entry } from './entries.ts';
import type { Range } from './json.ts';
import { columnOf, nextLine } from './lines.ts';
import type { Root } from './root.ts';
import type { Slice } from './slice.ts';

/** The place of objects that follow one another, with what the writer needs to add and remove some. */
export type Sequence = Stream | BlockSequence | FlowSequence | EmptySequence | MissingSequence;

/** The documents of a text. */
export interface Stream {
  readonly style: 'Stream';
}

/** Elements that begin with `-`. */
export interface BlockSequence {
  readonly style: 'Block';
  /** The column of the `-` indicators. */
  readonly column: number;
  /** The offset after the colon of the key. */
  readonly colon: number;
  readonly slices: readonly Slice[];
}

/** At least one element in brackets. */
export interface FlowSequence {
  readonly style: 'Flow';
  /** The range between the brackets. */
  readonly start: number;
  readonly end: number;
  /** The column of the elements if they are on separate lines. */
  readonly indent: number | undefined;
  readonly slices: readonly Slice[];
}

/**
 * A key without elements. Its value (`null`, `[]`, or none) is from `from` to `to`; the line after
 * it begins at `end`.
 */
export interface EmptySequence {
  readonly style: 'Empty';
  readonly root: Root;
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

/** A key that does not exist. */
export interface MissingSequence {
  readonly style: 'Missing';
  readonly root: Root;
  readonly key: string;
}

/** The empty sequence of a key whose value, if any, ends at `to`. */
export function emptySequence(root: Root, entry: Entry, to: number): EmptySequence {
  return { style: 'Empty', root, from: entry.value, to, end: nextLine(root.text, to, entry.end) };
}

/** A flow sequence whose brackets open at `open` and close before `end`. */
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
