import { type Node, type Pair, type YAMLMap, isScalar } from 'yaml';
import { scalar } from './scalar.ts';
import type { ObjectText } from './object-text.ts';
import type { Splice } from './splice.ts';

/** A string, or maps of one entry around it: what an annotation needs to come into being. */
export type Chain = string | { readonly key: string; readonly value: Chain };

/** An entry of a flow map (`{…}`), JSON among them. */
interface FlowEntry {
  readonly start: number;
  readonly end: number;
}

/** How a flow map is laid out, as far as a new entry has to follow it. */
interface FlowStyle {
  readonly quoted: boolean;
  readonly colon: ':' | ': ';
  /** White space in front of an entry that is not the first. */
  readonly gap: string;
  /** Line end and indentation of the closing brace; empty where the map is on one line. */
  readonly close: string;
}

/** Behind the last entry. */
export function insertInFlow(object: ObjectText, map: YAMLMap, entry: { key: string; value: Chain }): Splice {
  const style = styleOf(object, map);
  const last = flowEntries(object, map).at(-1);
  if (last) return { start: last.end, end: last.end, text: `,${style.gap}${printFlowEntry(entry, style)}` };
  const brace = (map.range?.[0] ?? 0) + 1;
  return { start: brace, end: brace, text: printFlowEntry(entry, style) };
}

/** With the comma on one of its sides; comments stay. */
export function removeFromFlow(object: ObjectText, map: YAMLMap, index: number): Splice {
  const { text } = object;
  const entries = flowEntries(object, map);
  const [previous, entry, next] = [entries[index - 1], entries[index], entries[index + 1]];
  if (!entry) throw new RangeError(`no entry ${index}`);
  if (previous && isComma(text.slice(previous.end, entry.start))) {
    return { start: previous.end, end: entry.end, text: '' };
  }
  if (next && isComma(text.slice(entry.end, next.start))) return { start: entry.start, end: next.start, text: '' };
  const comma = /^\s*,/.exec(text.slice(entry.end))?.[0].length ?? 0;
  return { start: entry.start, end: entry.end + comma, text: '' };
}

/** A value for a place inside a flow map. */
export function printFlow(object: ObjectText, map: YAMLMap, value: Chain): string {
  return printChain(value, styleOf(object, map));
}

function printFlowEntry({ key, value }: { key: string; value: Chain }, style: FlowStyle): string {
  const name = scalar(key, style.quoted ? 'Double' : 'Plain', true);
  return `${name}${style.colon}${printChain(value, style)}`;
}

function printChain(value: Chain, style: FlowStyle): string {
  if (typeof value === 'string') return scalar(value, style.quoted ? 'Double' : 'Plain', true);
  if (style.close === '') return `{${printFlowEntry(value, style)}}`;
  const unit = style.gap.slice(style.close.length);
  const inner = { ...style, close: style.gap, gap: style.gap + unit };
  return `{${inner.gap}${printFlowEntry(value, inner)}${inner.close}}`;
}

function styleOf({ text, document }: ObjectText, map: YAMLMap): FlowStyle {
  const root = document.contents as YAMLMap;
  const model = (map.items[0] ?? (root.flow ? root.items[0] : undefined)) as Pair<Node, Node | null> | undefined;
  const quoted = isScalar(model?.key) && model.key.type === 'QUOTE_DOUBLE';
  const keyEnd = model?.key.range?.[1] ?? 0;
  const colon = quoted && /^:[^\s]/.test(text.slice(keyEnd, keyEnd + 2)) ? ':' : ': ';
  const [open = 0, end = 0] = map.range ?? [];
  const close = /\r?\n[ \t]*$/.exec(text.slice(open, end - 1))?.[0] ?? '';
  const start = model && map.items.length > 0 ? (model.key.range?.[0] ?? 0) : 0;
  const lead = start === 0 ? '' : text.slice(open + 1, start);
  const gap = /^\s*\n\s*$/.test(lead) ? lead.slice(lead.search(/\r?\n[^\n]*$/)) : colon.slice(1);
  return { quoted, colon, gap, close: gap.startsWith(close) && gap.includes('\n') ? close : '' };
}

function flowEntries({ text }: ObjectText, map: YAMLMap): FlowEntry[] {
  const { srcToken } = map;
  const tokens = srcToken && 'items' in srcToken ? srcToken.items : [];
  return (map.items as Pair<Node, Node | null>[]).map(({ key, value }, index) => {
    const explicit = tokens[index]?.start.find(({ type }) => type === 'explicit-key-ind');
    const keyEnd = key.range?.[1] ?? 0;
    const end = Math.max(keyEnd, value?.range?.[1] ?? 0);
    const colon = /^\s*:/.exec(text.slice(keyEnd, end + 1))?.[0].length ?? 0;
    return { start: explicit?.offset ?? key.range?.[0] ?? 0, end: Math.max(end, keyEnd + colon) };
  });
}

function isComma(text: string): boolean {
  return text.trim() === ',';
}
