import { columnOf } from '../yaml/text/lines.ts';
import { entriesBelow, entriesOf, type Entry } from '../yaml/text/entries.ts';

/** The place of the annotations in an object's text. */
export interface AnnotationLines {
  /** The keys of `metadata`. */
  readonly metadata: readonly Entry[];
  /** `annotations` itself. */
  readonly annotations: Entry;
  /** The annotations. */
  readonly entries: readonly Entry[];
}

/** The annotations of a block-style object from its lines alone; `start` is its first key, at `column`. Nothing where it takes a parse. */
export function scanAnnotations(text: string, start: number, end: number, column: number): AnnotationLines | undefined {
  const top = only(entriesOf(text, start, end, column), 'metadata');
  const metadata = top === undefined ? undefined : entriesBelow(text, top, column);
  const annotations = only(metadata, 'annotations');
  if (metadata === undefined || annotations === undefined) return undefined;
  const entries = entriesBelow(text, annotations, columnOf(text, 0, annotations.start));
  return entries === undefined ? undefined : { metadata, annotations, entries };
}

/** The entry of a key that is unique. */
function only(entries: readonly Entry[] | undefined, key: string): Entry | undefined {
  const found = entries?.filter((entry) => entry.key === key);
  return found?.length === 1 ? found[0] : undefined;
}
