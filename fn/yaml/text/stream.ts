import { PERCENT } from './characters.ts';
import { columnOf, contentAt, isLineEnd, isSeparated, nextLine, skipBlanks, skipSpaces } from './lines.ts';
import { LIMITS } from '../limits.ts';
import type { Slice } from './slice.ts';

/**
 * The documents of a stream (YAML 1.2.2, chapter 9), split at lines that begin with `---` or `...`:
 * no scalar can contain such a line. Empty documents are left out. What is between documents, such
 * as directives and documents of only comments, belongs to the next document. Stops after the first
 * document above {@link LIMITS}.OBJECTS.
 */
export function documentsOf(text: string): Slice[] {
  const slices: Slice[] = [];
  const first = text.startsWith('\uFEFF') ? 1 : 0;
  let [line, outer, body] = [first, first, first];
  let [dashes, dots] = [-1, -1];
  for (;;) {
    if (dashes < line) dashes = markerFrom(text, '---', line);
    if (dots < line) dots = markerFrom(text, '...', line);
    const marker = Math.min(dashes, dots);
    const content = documentContentAt(text, body, marker);
    const start = textAt(text, body, marker, body > first);
    if (content < marker) {
      const isBehindMarker = body > first && nextLine(text, body, marker) > content;
      const column = isBehindMarker ? 0 : columnOf(text, body, content);
      slices.push({ outer: Math.min(outer, start), start, end: marker, column });
    }
    const isGap = content >= marker && start < marker;
    if (marker === text.length || slices.length > LIMITS.OBJECTS) return slices;
    body = marker + 3;
    line = nextLine(text, body, text.length);
    // `...` closes the document before it, `---` opens the next one.
    if (!isGap) outer = marker === dots ? line : marker;
  }
}

/**
 * The next line from the line start `from` on that begins with a marker; the end of the text if
 * there is none.
 */
function markerFrom(text: string, marker: string, from: number): number {
  let at = text.startsWith(marker, from) ? from : lineWith(text, marker, from);
  while (at < text.length && !isSeparated(text, at + 3, text.length)) at = lineWith(text, marker, at);
  return at;
}

function lineWith(text: string, marker: string, after: number): number {
  const feed = text.indexOf(`\n${marker}`, after);
  return feed < 0 ? text.length : feed + 1;
}

/**
 * The first character that is not white space. A tab that indents a line counts, a tab after a
 * marker does not.
 */
function textAt(text: string, from: number, end: number, isBehindMarker: boolean): number {
  const behind = skipBlanks(text, from, end);
  if (isBehindMarker && !isLineEnd(text, behind, end)) return behind;
  let line = from;
  while (line < end && isLineEnd(text, skipBlanks(text, line, end), end)) line = nextLine(text, line, end);
  return skipSpaces(text, line, end);
}

/**
 * Where the content of a document begins, with its directives; `end` if it has only white space,
 * comments and directives.
 */
function documentContentAt(text: string, from: number, end: number): number {
  const first = contentAt(text, from, end);
  let at = first;
  while (at < end && text.charCodeAt(at) === PERCENT) at = contentAt(text, nextLine(text, at, end), end);
  return at < end ? first : end;
}
