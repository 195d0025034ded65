import type { Item } from './item.ts';
import { printElements, printJson } from './print.ts';
import type { Splice } from '../yaml/edit/splice.ts';
import { LINE_FEED } from '../yaml/text/characters.ts';
import { parseJson } from '../yaml/text/json.ts';
import { columnOf, nextLine } from '../yaml/text/lines.ts';
import { parse } from '../yaml/parse.ts';
import type { Root } from '../yaml/text/root.ts';
import type { BlockSequence, EmptySequence, FlowSequence, Sequence } from '../yaml/text/sequence.ts';
import { indent } from '../yaml/text/slice.ts';

/** New texts of items; undefined removes the item. */
export type Edited = readonly (readonly [Item, string | undefined])[];

/** The splices that give items of a sequence new texts and, unless it is a stream, add elements. */
export function splicesOf(text: string, sequence: Sequence, edited: Edited, added: readonly object[]): Splice[] {
  switch (sequence.style) {
    case 'Stream':
      return streamSplices(text, edited);
    case 'Block':
      return blockSplices(sequence, edited, added);
    case 'Flow':
      return flowSplices(text, sequence, edited, added);
    case 'Empty':
      return added.length === 0 ? [] : fillingSplices(sequence, added);
    case 'Missing':
      return added.length === 0 ? [] : [memberSplice(sequence.root, sequence.key, added)];
    default:
      return sequence satisfies never;
  }
}

function fillingSplices({ root, from, to, end }: EmptySequence, added: readonly object[]): Splice[] {
  if (root.flow) return [{ start: from, end: to, text: ` ${printJson(added, tallColumn(root))}` }];
  return [
    { start: from, end: to, text: '' },
    { start: end, end, text: printElements(added, root.column) },
  ];
}

/** Adds a member at the end of a mapping: a sequence of objects, or a plain string. */
export function memberSplice(root: Root, key: string, value: readonly object[] | string): Splice {
  const { flow, column, end } = root;
  const tall = tallColumn(root);
  const inFlow = `,${lead(tall)}"${key}": ${printJson(value, tall)}`;
  const below = typeof value === 'string' ? ` ${value}\n` : `\n${printElements(value, column)}`;
  return { start: end, end, text: flow ? inFlow : `${' '.repeat(column)}${key}:${below}` };
}

function streamSplices(text: string, edited: Edited): Splice[] {
  const gone = edited.flatMap(([item, now]) => (now === undefined ? [item] : [])).toSorted((a, b) => a.index - b.index);
  const isBlankBefore = text.slice(0, gone[0]?.outer ?? 0).trim() === '';
  return edited.map(([item, now]) => {
    if (now !== undefined) return replacement(item, behindMarker(item, inKind(item, now)));
    const isFirst = isBlankBefore && gone[item.index] === item;
    return { start: item.outer, end: documentEnd(text, item.end, isFirst), text: '' };
  });
}

/**
 * The end of a removed document, after the `...` that closes it: a stream must not begin with `...`
 * (libyaml, YAML 1.1). The `...` stays if the next document needs it, because it has no `---` or
 * has directives.
 */
function documentEnd(text: string, end: number, isFirst: boolean): number {
  if (!text.startsWith('...', end)) return end;
  const behind = nextLine(text, end, text.length);
  return isFirst || behind === text.length || text.startsWith('---', behind) ? behind : end;
}

function blockSplices({ column, colon, slices }: BlockSequence, edited: Edited, added: readonly object[]): Splice[] {
  const splices = edited.map(([item, now]) =>
    replacement(item, now === undefined ? undefined : indent(now, item.column)),
  );
  const isEmptied = edited.filter(([, now]) => now === undefined).length === slices.length;
  if (isEmptied && added.length === 0) splices.push({ start: colon, end: colon, text: ' []' });
  const end = slices.at(-1)?.end ?? colon;
  if (added.length > 0) splices.push({ start: end, end, text: printElements(added, column) });
  return splices;
}

/** Elements are removed with the comma after them, the last ones with the comma before them. */
function flowSplices(text: string, sequence: FlowSequence, edited: Edited, added: readonly object[]): Splice[] {
  const { slices, indent: column } = sequence;
  const gone = new Set(edited.flatMap(([item, now]) => (now === undefined ? [item.start] : [])));
  const splices = edited.flatMap(([item, now]) => (now === undefined ? [] : [replacement(item, inKind(item, now))]));
  const kept = slices.findLastIndex(({ start }) => !gone.has(start));
  for (const [index, slice] of slices.slice(0, kept + 1).entries()) {
    if (gone.has(slice.start))
      splices.push({ start: slice.start, end: slices[index + 1]?.start ?? slice.end, text: '' });
  }
  const more = added.map((value) => lead(column) + printJson(value, column)).join(',');
  const [last, lastKept] = [slices.at(-1), slices[kept]];
  if (lastKept !== undefined) {
    const end = last?.end ?? lastKept.end;
    splices.push({ start: lastKept.end, end, text: more === '' ? '' : `,${more}` });
  } else {
    const closing = more === '' || column === undefined ? '' : text.slice(last?.end, sequence.end);
    splices.push({ start: sequence.start, end: sequence.end, text: more + closing });
  }
  return splices;
}

/** Replaces the text of an item, or removes the item with its comments and its `-` or `---`. */
function replacement(item: Item, now: string | undefined): Splice {
  if (now === undefined) return { start: item.outer, end: item.end, text: '' };
  const isOpen = item.source.text.charCodeAt(item.end - 1) === LINE_FEED && !now.endsWith('\n');
  return { start: item.start, end: item.end, text: isOpen ? `${now}\n` : now };
}

/** A block mapping cannot begin on the line of a `---` (YAML 1.2.2, section 9.1.4). */
function behindMarker({ source: { text }, start }: Item, now: string): string {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  return line < start && text.startsWith('---', line) && /^[^#{[]/.test(now) ? `\n${now}` : now;
}

/** A text in the format of the item that it replaces: JSON stays JSON. */
function inKind(item: Item, now: string): string {
  const old = item.source.text.slice(item.start, item.end);
  const isFlow = item.sequence.style === 'Flow';
  const isJson = parseJson(old) !== undefined;
  if ((!isJson && !isFlow) || parseJson(now) !== undefined || (!isJson && now.startsWith('{'))) return now;
  const column = old.trimEnd().includes('\n') ? columnOf(item.source.text, 0, item.start) : undefined;
  return printJson(parse(now).value, column);
}

/** The white space after a comma: a new line with indentation, or a space. */
function lead(column: number | undefined): string {
  return column === undefined ? ' ' : `\n${' '.repeat(column)}`;
}

/** The column of the members of a flow mapping, if they are on separate lines. */
function tallColumn({ text, start, column }: Root): number | undefined {
  return text.lastIndexOf('\n', start) > text.lastIndexOf('{', start) ? column : undefined;
}
