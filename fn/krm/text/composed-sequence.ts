import { type CST, isScalar, isSeq, type YAMLSeq } from 'yaml';
import { sliceOf } from './block-sequence.ts';
import type { Entry } from './entries.ts';
import type { Range } from './json.ts';
import { columnOf, contentAt } from './lines.ts';
import { compose, type Failure } from './parse.ts';
import type { Root } from './root.ts';
import { emptySequence, flowSequence, type Sequence } from './sequence.ts';

/** The list that an entry holds, found by parsing; a failure where it holds something else. */
export function composedSequence(root: Root, entry: Entry): Sequence | Failure {
  const { text } = root;
  const line = text.lastIndexOf('\n', entry.value - 1) + 1;
  // Behind an explicit key, the list may begin in the line of the colon.
  const padding = text.slice(line, entry.value).trim() === ':' ? entry.value - line : 0;
  const shift = entry.value - padding;
  const { document, failure } = compose(' '.repeat(padding) + text.slice(entry.value, entry.end));
  if (failure !== undefined) return { ...failure, offset: failure.offset + shift };
  const node = document.contents;
  const end = shift + (node?.range[1] ?? padding);
  if (node === null || (isScalar(node) && node.value === null)) return emptySequence(root, entry, end);
  if (!isSeq(node)) {
    return { reason: `\`${entry.key}\` must be a list`, offset: contentAt(text, entry.value, entry.end) };
  }
  if (node.items.length === 0) return emptySequence(root, entry, end);
  if (node.flow) return flowSequence(text, shift + node.range[0], end, flowElements(node, shift));
  if (padding === 0 && !text.slice(entry.value, shift + node.range[0]).includes('\n')) {
    return { reason: `\`${entry.key}\` must begin in the line below its key`, offset: shift + node.range[0] };
  }
  return blockSequence(text, entry, node, shift);
}

/** Where the elements of a list in brackets stand, with their anchors and tags. */
function flowElements(node: YAMLSeq.Parsed, shift: number): Range[] {
  const tokens: readonly CST.CollectionItem[] = node.srcToken?.items ?? [];
  return node.items.map((item, index) => {
    const property = tokens[index]?.start.find((token) => token.type === 'anchor' || token.type === 'tag');
    return { start: shift + (property?.offset ?? item.range[0]), end: shift + item.range[1] };
  });
}

/** Elements behind dashes that a scan of the lines alone could not tell apart. */
function blockSequence(text: string, entry: Entry, node: YAMLSeq.Parsed, shift: number): Sequence {
  const tokens: readonly CST.CollectionItem[] = node.srcToken?.items ?? [];
  const dashes = tokens.flatMap(({ start }) => {
    const dash = start.find((token) => token.type === 'seq-item-ind');
    return dash === undefined ? [] : [shift + dash.offset];
  });
  const slices = dashes.map((dash, index) => {
    const next = dashes[index + 1];
    return sliceOf(text, outerOf(text, dash), dash, next === undefined ? entry.end : outerOf(text, next));
  });
  return { style: 'Block', colon: entry.value, column: columnOf(text, 0, dashes[0] ?? 0), slices };
}

/** The start of the line, or the dash itself where something else stands before it. */
function outerOf(text: string, dash: number): number {
  const line = text.lastIndexOf('\n', dash - 1) + 1;
  return text.slice(line, dash).trim() === '' ? line : dash;
}
