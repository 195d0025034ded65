import { LIMITS, weightOf } from '../limits.ts';
import { entryStart, isMap, isScalar, type MapNode, type Pair } from '../reader/node.ts';
import { keyText } from '../reader/plain-value.ts';
import { OPEN_BRACE } from './characters.ts';
import { entriesOf, type Entry } from './entries.ts';
import { jsonMembers, parseJson } from './json.ts';
import { columnOf, contentAt, skipSpaces } from './lines.ts';
import { compose, type Failure } from '../parse.ts';
import { inPlace, type Slice } from './slice.ts';

/** The mapping at the top of a document that holds a list of objects, and the places of its keys. */
export interface Root {
  readonly text: string;
  /** Whether it is in flow style: `{…}`. */
  readonly flow: boolean;
  readonly json: boolean;
  readonly entries: ReadonlyMap<string, Entry>;
  /** The first key. In a block mapping, the other keys are in the same column. */
  readonly start: number;
  readonly column: number;
  /**
   * Where another key is inserted: after the last line of a block mapping, after the last value of
   * a flow mapping.
   */
  readonly end: number;
}

/** The root of a document; a failure if it is not a mapping, or not valid YAML. */
export function rootOf(text: string, slice: Slice): Root | Failure {
  const content = contentAt(text, slice.start, slice.end);
  if (text.charCodeAt(content) === OPEN_BRACE) {
    const json = text.slice(content, slice.end);
    if (weightOf(json) <= LIMITS.WEIGHT && parseJson(json) !== undefined) {
      const members = jsonMembers(text, content);
      return rootWith(text, members, { flow: true, json: true, start: members[0]?.start ?? content, end: slice.end });
    }
  } else {
    const entries = entriesOf(text, content, slice.end, slice.column);
    if (entries !== undefined) {
      return rootWith(text, entries, { flow: false, json: false, start: content, end: slice.end });
    }
  }
  return composedRoot(text, slice);
}

function composedRoot(text: string, slice: Slice): Root | Failure {
  const { document, failure } = compose(inPlace(text, slice));
  const start = slice.start - slice.column;
  if (failure !== undefined) return { ...failure, offset: Math.max(slice.start, failure.offset + start) };
  const map = document.contents;
  if (!isMap(map)) return { reason: 'must be an object', offset: slice.start };
  const { flow } = map;
  const bare = map.items.find(({ colon }) => colon === undefined);
  if (bare !== undefined) return { reason: 'a key must have a value', offset: start + bare.key.range.start };
  const entries = composedEntries(text, map, start, slice.end);
  const hidden = entries.find(({ value, end }) => end < value);
  if (hidden !== undefined) return { reason: 'lines must end with U+000A', offset: hidden.start };
  const first = flow ? (entries[0]?.start ?? slice.start) : lineBeginning(text, start + map.range.start);
  return rootWith(text, entries, { flow, json: false, start: first, end: slice.end });
}

/** The entries of a parsed mapping. Its text begins at `shift` and ends at `end`. */
function composedEntries(text: string, map: MapNode, shift: number, end: number): Entry[] {
  const entries: Entry[] = [];
  for (const [index, pair] of map.items.entries()) {
    const start = shift + pair.key.range.start;
    const value = shift + (pair.colon ?? 0) + 1;
    const next = map.items[index + 1];
    const last = map.flow ? Math.max(value, shift + (pair.value?.range.end ?? 0)) : lineStart(text, shift, next, end);
    entries.push({ key: (isScalar(pair.key) ? keyText(pair.key) : undefined) ?? '', start, value, end: last });
  }
  return entries;
}

/** The first character in the line of a mapping: its anchor or tag may come before its first key. */
function lineBeginning(text: string, map: number): number {
  const line = text.lastIndexOf('\n', map - 1) + 1;
  return skipSpaces(text, line === 0 && text.startsWith('\uFEFF') ? 1 : line, map);
}

function lineStart(text: string, shift: number, next: Pair | undefined, end: number): number {
  if (next === undefined) return end;
  return text.lastIndexOf('\n', shift + entryStart(next) - 1) + 1;
}

function rootWith(
  text: string,
  entries: Entry[],
  style: Pick<Root, 'flow' | 'json' | 'start' | 'end'>,
): Root | Failure {
  const byKey = new Map<string, Entry>();
  for (const entry of entries) {
    // Keys that are not scalars have no name to search for.
    if (entry.key === '') continue;
    if (byKey.has(entry.key)) {
      return { reason: `the key ${JSON.stringify(entry.key)} must not stand twice in one map`, offset: entry.start };
    }
    byKey.set(entry.key, entry);
  }
  const end = style.flow ? (entries.at(-1)?.end ?? style.end) : style.end;
  return {
    text,
    ...style,
    entries: byKey,
    column: columnOf(text, text.startsWith('\uFEFF') ? 1 : 0, style.start),
    end,
  };
}
