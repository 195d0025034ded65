import { entryStart, isMap, isScalar, type ListNode, type MapNode, startOf } from '../reader/node.ts';
import { scalar } from './scalar.ts';
import { markOf } from './slot.ts';
import type { ObjectText } from './object-text.ts';
import type { Splice } from './splice.ts';

/**
 * A new member of a flow collection: an entry of a mapping, or an element of a sequence, which has
 * no key.
 */
export interface Member {
  readonly key?: string;
  readonly value: unknown;
}

/** The range of an entry of a flow mapping (`{…}`) or an element of a flow sequence (`[…]`), also in JSON. */
interface FlowEntry {
  readonly start: number;
  readonly end: number;
}

/** The style of a flow collection, which a new member follows. */
interface FlowStyle {
  readonly quoted: boolean;
  readonly colon: ':' | ': ';
  /** White space before each member except the first. */
  readonly gap: string;
  /** Line end and indentation before the closing bracket; empty if the collection is on one line. */
  readonly close: string;
}

/** Adds a member after the last one, or before the first. */
export function insertInFlow(
  object: ObjectText,
  collection: MapNode | ListNode,
  member: Member,
  at: 'First' | 'Last' = 'Last',
): Splice {
  const style = styleOf(object, collection);
  const entries = flowEntries(object.text, collection);
  const [first, last] = [entries[0], entries.at(-1)];
  if (first && at === 'First') {
    return { start: first.start, end: first.start, text: `${printMember(member, style)},${style.gap}` };
  }
  if (last) {
    // The value may be left out, as in `{a: # comment`. A comma right after the colon would become
    // part of a plain key.
    const comma = /^:\s/.test(object.text.slice(last.end - 1, last.end + 1)) ? ' ,' : ',';
    return { start: last.end, end: last.end, text: `${comma}${style.gap}${printMember(member, style)}` };
  }
  const bracket = collection.range.start + 1;
  return { start: bracket, end: bracket, text: printMember(member, style) };
}

/** Removes a member, with the comma before or after it. Comments stay. */
export function removeFromFlow(object: ObjectText, collection: MapNode | ListNode, index: number): Splice {
  const { text } = object;
  const entries = flowEntries(text, collection);
  const [previous, entry, next] = [entries[index - 1], entries[index], entries[index + 1]];
  if (!entry) throw new RangeError(`no entry ${index}`);
  if (previous && isComma(text.slice(previous.end, entry.start))) {
    // Two blanks would remain after the colon of a value that is left out; one is enough.
    const isSpaced = /:[ \t]+$/.test(text.slice(previous.start, previous.end)) && /\s/.test(text.charAt(entry.end));
    return { start: previous.end - (isSpaced ? 1 : 0), end: entry.end, text: '' };
  }
  if (next && isComma(text.slice(entry.end, next.start))) return { start: entry.start, end: next.start, text: '' };
  const comma = /^\s*,/.exec(text.slice(entry.end))?.[0].length ?? 0;
  return { start: entry.start, end: entry.end + comma, text: '' };
}

/** The text of a value for a place in a flow mapping. */
export function printFlow(object: ObjectText, map: MapNode, value: unknown): string {
  return printValue(value, styleOf(object, map));
}

function printMember({ key, value }: Member, style: FlowStyle): string {
  const printed = printValue(value, style);
  return key === undefined ? printed : scalar(key, style.quoted ? 'Double' : 'Plain', true) + style.colon + printed;
}

function printValue(value: unknown, style: FlowStyle): string {
  if (typeof value === 'string') return scalar(value, style.quoted ? 'Double' : 'Plain', true);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members: readonly Member[] = Array.isArray(value)
    ? value.map((element) => ({ value: element as unknown }))
    : Object.entries(value).map(([key, entry]) => ({ key, value: entry as unknown }));
  if (style.close === '' || members.length === 0) {
    const separator = `,${style.colon.slice(1)}`;
    return open + members.map((member) => printMember(member, style)).join(separator) + close;
  }
  const unit = style.gap.slice(style.close.length);
  const inner = { ...style, close: style.gap, gap: style.gap + unit };
  const lines = members.map((member) => inner.gap + printMember(member, inner)).join(',');
  return open + lines + inner.close + close;
}

function styleOf(object: ObjectText, collection: MapNode | ListNode): FlowStyle {
  const { text, document } = object;
  const root = document.contents;
  const first = isMap(collection) ? collection : collection.items[0];
  const own = isMap(first) ? first.items[0] : undefined;
  const model = own ?? (isMap(root) && root.flow ? root.items[0] : undefined);
  const quoted = isScalar(model?.key) && model.key.style === 'Double';
  const keyEnd = model?.key.range.end ?? 0;
  const colon = quoted && /^:[^\s]/.test(text.slice(keyEnd, keyEnd + 2)) ? ':' : ': ';
  const { start: open, end } = collection.range;
  const close = /\r?\n[ \t]*$/.exec(text.slice(open, end - 1))?.[0] ?? '';
  const start = flowEntries(text, collection)[0]?.start;
  const lead = start === undefined ? '' : text.slice(open + 1, start);
  const gap = /^\s*\n\s*$/.test(lead) ? lead.slice(lead.search(/\r?\n[^\n]*$/)) : colon.slice(1);
  return { quoted, colon, gap, close: gap.startsWith(close) && gap.includes('\n') ? close : '' };
}

function flowEntries(text: string, collection: MapNode | ListNode): FlowEntry[] {
  if (!isMap(collection)) return collection.items.map((item) => ({ start: startOf(item), end: item.range.end }));
  return collection.items.map((pair) => {
    const end = Math.max(markOf(pair), pair.value?.range.end ?? 0);
    return { start: entryStart(pair), end: text[end - 1] === ':' ? blanksEnd(text, end) : end };
  });
}

/** The end of the blanks after the colon of an entry whose value is left out. A new value replaces them. */
export function blanksEnd(text: string, colonEnd: number): number {
  return colonEnd + (/^[ \t]*(?=[,}\]])/.exec(text.slice(colonEnd))?.[0].length ?? 0);
}

function isComma(text: string): boolean {
  return text.trim() === ',';
}
