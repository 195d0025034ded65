import { blockSlices } from './block-sequence.ts';
import { AMPERSAND, DASH, EXCLAMATION, OPEN_BRACKET } from './characters.ts';
import { composedSequence } from './composed-sequence.ts';
import type { Entry } from './entries.ts';
import { jsonElements } from './json.ts';
import { contentAt, isSeparated, nextLine } from './lines.ts';
import type { Failure } from '../parse.ts';
import type { Root } from './root.ts';
import { emptySequence, flowSequence, type Sequence } from './sequence.ts';

/** The sequence that a key of the root holds; a failure if its value is not a sequence. */
export function sequenceOf(root: Root, key: string): Sequence | Failure {
  const entry = root.entries.get(key);
  if (entry === undefined) return { style: 'Missing', root, key };
  const { text } = root;
  const at = skipProperties(text, entry);
  if (at >= entry.end) return emptySequence(root, entry, entry.value);
  const code = text.charCodeAt(at);
  if (root.json && code === OPEN_BRACKET) {
    const elements = jsonElements(text, at);
    return elements.length === 0 ? emptySequence(root, entry, entry.end) : flowSequence(text, at, entry.end, elements);
  }
  if (!root.flow && code === DASH && isSeparated(text, at + 1, entry.end)) {
    const line = nextLine(text, entry.value, entry.end);
    const scanned = line <= at ? blockSlices(text, line, entry.end) : undefined;
    if (scanned !== undefined) return { style: 'Block', colon: entry.value, ...scanned };
  }
  return composedSequence(root, entry);
}

/** The first character of the value after comments, anchors and tags. */
function skipProperties(text: string, entry: Entry): number {
  let at = contentAt(text, entry.value, entry.end);
  for (let code = text.charCodeAt(at); code === AMPERSAND || code === EXCLAMATION; code = text.charCodeAt(at)) {
    while (!isSeparated(text, at, entry.end)) at += 1;
    at = contentAt(text, at, entry.end);
  }
  return at;
}
