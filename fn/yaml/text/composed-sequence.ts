import { isList, isScalar, type ListNode, startOf } from '../reader/node.ts';
import { sliceOf } from './block-sequence.ts';
import type { Entry } from './entries.ts';
import type { Range } from './json.ts';
import { columnOf, contentAt } from './lines.ts';
import { compose, type Failure } from '../parse.ts';
import type { Root } from './root.ts';
import { emptySequence, flowSequence, type Sequence } from './sequence.ts';

/** The sequence that an entry holds, found by parsing; a failure if its value is not a sequence. */
export function composedSequence(root: Root, entry: Entry): Sequence | Failure {
  const { text } = root;
  const line = text.lastIndexOf('\n', entry.value - 1) + 1;
  // After an explicit key, the sequence may begin on the line of the colon.
  const padding = text.slice(line, entry.value).trim() === ':' ? entry.value - line : 0;
  const shift = entry.value - padding;
  const { document, failure } = compose(' '.repeat(padding) + text.slice(entry.value, entry.end));
  if (failure !== undefined) return { ...failure, offset: failure.offset + shift };
  const node = document.contents;
  const end = shift + (node?.range.end ?? padding);
  if (node === undefined || (isScalar(node) && node.value === null)) return emptySequence(root, entry, end);
  if (!isList(node)) {
    return { reason: `\`${entry.key}\` must be a list`, offset: contentAt(text, entry.value, entry.end) };
  }
  if (node.items.length === 0) return emptySequence(root, entry, end);
  if (node.flow) return flowSequence(text, shift + node.range.start, end, flowElements(node, shift));
  if (padding === 0 && !text.slice(entry.value, shift + node.range.start).includes('\n')) {
    return { reason: `\`${entry.key}\` must begin on the line below its key`, offset: shift + node.range.start };
  }
  return blockSequence(text, entry, node, shift);
}

/** The ranges of the elements of a flow sequence, with their anchors and tags. */
function flowElements({ items }: ListNode, shift: number): Range[] {
  return items.map((item) => ({ start: shift + startOf(item), end: shift + item.range.end }));
}

/** A block sequence whose elements cannot be found by their lines alone. */
function blockSequence(text: string, entry: Entry, node: ListNode, shift: number): Sequence {
  const dashes = node.dashes.map((dash) => shift + dash);
  const slices = dashes.map((dash, index) => {
    const next = dashes[index + 1];
    return sliceOf(text, outerOf(text, dash), dash, next === undefined ? entry.end : outerOf(text, next));
  });
  return { style: 'Block', colon: entry.value, column: columnOf(text, 0, dashes[0] ?? 0), slices };
}

/** The start of the line of a `-`; the `-` itself if other text is before it. */
function outerOf(text: string, dash: number): number {
  const line = text.lastIndexOf('\n', dash - 1) + 1;
  return text.slice(line, dash).trim() === '' ? line : dash;
}
