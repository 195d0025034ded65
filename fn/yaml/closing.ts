import { isBlockScalar, lastLeaf } from './edit/object-text.ts';
import { splice, type Splice } from './edit/splice.ts';
import { parse, compose } from './parse.ts';
import { inPlace } from './text/slice.ts';
import { documentsOf } from './text/stream.ts';

/**
 * The changes that a text without a final line end needs before one is appended. Only a text that
 * ends in a block scalar needs one: the line end would become part of its value, so its header gets
 * the chomping indicator `-`.
 */
export function closingSplices(text: string): Splice[] {
  if (text.endsWith('\n') || !/[|>]/.test(text)) return [];
  const slice = documentsOf(text).at(-1);
  if (slice === undefined) return [];
  const own = inPlace(text, slice);
  const leaf = lastLeaf(compose(own).document?.contents);
  if (leaf === undefined || !isBlockScalar(leaf)) return [];
  const { start } = leaf.range;
  const [header = ''] = /^[|>]\d?[-+]?\d?/.exec(own.slice(start)) ?? [];
  const stripped = `${header.replace(/[-+]/, '')}-`;
  const kept = {
    start: start - slice.column + slice.start,
    end: start - slice.column + slice.start + header.length,
    text: stripped,
  };
  const before = JSON.stringify(parse(own).value);
  return before === JSON.stringify(parse(`${own}\n`).value) ? [] : [kept];
}

/** The text with a final line end, and with the same value. */
export function closed(text: string, lineEnd: string): string {
  return text.endsWith('\n') || text === '' ? text : splice(text, closingSplices(text)) + lineEnd;
}
