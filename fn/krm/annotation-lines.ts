import { columnOf } from '../yaml/text/lines.ts';
import { entriesBelow, entriesOf, type Entry } from '../yaml/text/entries.ts';

/** The places of the annotations in the text of an object. */
export interface AnnotationLines {
  /** The keys of `metadata`. */
  readonly metadata: readonly Entry[];
  /** The key `annotations`. */
  readonly annotations: Entry;
  /** The keys of `annotations`. */
  readonly entries: readonly Entry[];
}

/**
 * The annotations of an object in block style, found without parsing. The first key is at `start`,
 * in `column`. Undefined if parsing has to decide.
 */
export function scanAnnotations(text: string, start: number, end: number, column: number): AnnotationLines | undefined {
  const top = only(entriesOf(text, start, end, column), 'metadata');
  const metadata = top === undefined ? undefined : entriesBelow(text, top, column);
  const annotations = only(metadata, 'annotations');
  if (metadata === undefined || annotations === undefined) return undefined;
  const entries = entriesBelow(text, annotations, columnOf(text, 0, annotations.start));
  return entries === undefined ? undefined : { metadata, annotations, entries };
}

/** The entry of a key; undefined if the key is missing or not unique. */
function only(entries: readonly Entry[] | undefined, key: string): Entry | undefined {
  const found = entries?.filter((entry) => entry.key === key);
  return found?.length === 1 ? found[0] : undefined;
}
