import { closingSplices } from '../yaml/closing.ts';
import { splice, type Splice } from '../yaml/edit/splice.ts';
import type { Changes, Input, KubernetesObject } from './input.ts';
import type { Item } from './item.ts';
import type { Frame, Layout } from './layout.ts';
import { print, printJson } from './print.ts';
import type { Problem } from './problem.ts';
import { LIST_GROUP } from './resource-list.ts';
import { resultOf } from './result.ts';
import { memberSplice, splicesOf, type Edited } from './sequence-splices.ts';
import { joinStreams, lineEndOf, withLineEnd } from './streams.ts';
import { parseJson } from '../yaml/text/json.ts';
import type { Sequence } from '../yaml/text/sequence.ts';

export { print } from './print.ts';
export { documentsOf, type OutputDocument, writeDocuments } from './write-documents.ts';

/** The version of a ResourceList in the output. */
const LIST_VERSION = `${LIST_GROUP}/v1`;

/**
 * The input with its changes: a ResourceList with the problems as its results, or documents. All
 * other bytes stay, except the version of an older ResourceList.
 */
export function write(input: Input, changes: Changes, problems: readonly Problem[]): string {
  const edited = new Map<Sequence, [Item, string | undefined][]>();
  for (const change of changes.edited) {
    const { sequence } = change[0];
    const changed = edited.get(sequence) ?? [];
    changed.push(change);
    edited.set(sequence, changed);
  }
  const last = input.source.at(-1);
  const texts = input.source.map((layout) => writeText(layout, edited, layout === last ? changes.added : [], problems));
  return texts.length === 1 ? (texts[0] ?? '') : joinStreams(texts);
}

function writeText(
  layout: Layout,
  edited: ReadonlyMap<Sequence, Edited>,
  added: readonly KubernetesObject[],
  problems: readonly Problem[],
): string {
  const { source, frame, sequences, last } = layout;
  const { text } = source;
  const splices = sequences.flatMap((sequence) =>
    splicesOf(text, sequence, edited.get(sequence) ?? [], sequence === last ? added : []),
  );
  if (frame !== undefined) {
    splices.push(...versionSplices(frame), ...splicesOf(text, frame.results, [], problems.map(resultOf)));
  }
  const lineEnd = lineEndOf(text);
  const breaks = lineBreak(text, splices);
  const closing = breaks.length > 0 ? closingSplices(text) : [];
  const written = splice(text, [
    ...breaks,
    ...closing.filter((one) => !splices.some(({ start, end }) => start < one.end && one.start < end)),
    ...splices.map((one) => ({ ...one, text: withLineEnd(one.text, lineEnd) })),
  ]);
  if (last.style !== 'Stream' || added.length === 0) return written;
  const isJson = parseJson(text) !== undefined;
  const documents = added.map((object) => (isJson ? `${printJson(object, 0)}\n` : print(object)));
  return joinStreams([written, ...documents.map((document) => withLineEnd(document, lineEnd))]);
}

/** A ResourceList in the output always has the current version. */
function versionSplices({ root, apiVersion }: Frame): Splice[] {
  if (apiVersion?.value === LIST_VERSION) return [];
  if (apiVersion === undefined) return [memberSplice(root, 'apiVersion', LIST_VERSION)];
  const { start, end } = apiVersion;
  const quote = root.json ? '"' : (/^["']/.exec(root.text.slice(start, end))?.[0] ?? '');
  return [{ start, end, text: `${start === end ? ' ' : ''}${quote}${LIST_VERSION}${quote}` }];
}

/** The missing final line end of a text, if something is added after it. */
function lineBreak(text: string, splices: readonly Splice[]): Splice[] {
  const end = text.length;
  if (!splices.some((one) => one.start === end && one.text !== '')) return [];
  const rewritten = splices.find((one) => one.end === end && one.start < end);
  const before = rewritten === undefined ? text : text.slice(0, rewritten.start) + rewritten.text;
  return before === '' || before.endsWith('\n') ? [] : [{ start: end, end, text: lineEndOf(text) }];
}
