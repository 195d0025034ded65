import { LIMITS } from '../limits.ts';
import { readable } from '../edit/scalar.ts';
import type { Splice } from '../edit/splice.ts';
import { isAlias, isList, isMap, isScalar, type Node, nodesOf } from '../reader/node.ts';
import { plainValue } from '../reader/plain-value.ts';
import { compose } from '../parse.ts';
import { inPlace, type Slice } from './slice.ts';

/**
 * Replaces aliases by values, if their anchors are in other elements of a list. Each element
 * becomes a document, and an anchor is only known in its document. An alias stays if JSON cannot
 * represent its value exactly.
 */
export function aliasSplices(text: string, slice: Slice): readonly Splice[] {
  if (!mayShare(text.slice(slice.start, slice.end))) return [];
  const { document, failure } = compose(inPlace(text, slice));
  if (failure !== undefined || !isMap(document.contents)) return [];
  const items = document.contents.items.find(({ key }) => isScalar(key) && key.value === 'items')?.value;
  if (!isList(items)) return [];
  const shift = slice.start - slice.column;
  const texts = new Map<Node, string | undefined>();
  let room: number = LIMITS.OBJECT;
  return items.items.flatMap((element) => {
    const own = new Set(nodesOf(element));
    return [...own].flatMap((node) => {
      if (!isAlias(node) || node.target === undefined || own.has(node.target)) return [];
      if (!texts.has(node.target)) texts.set(node.target, spelled(node.target));
      const value = texts.get(node.target);
      room -= value?.length ?? 0;
      if (value === undefined || room < 0) return [];
      return [{ start: shift + node.range.start, end: shift + node.range.end, text: value }];
    });
  });
}

/** Whether an anchor and an alias have the same name. */
function mayShare(text: string): boolean {
  if (!text.includes('&') || !text.includes('*')) return false;
  const anchors = new Set([...text.matchAll(/&([\w-]+)/g)].map(([, name]) => name));
  return [...text.matchAll(/\*([\w-]+)/g)].some(([, name]) => anchors.has(name));
}

function spelled(target: Node): string | undefined {
  const { value, failure } = plainValue({ contents: target });
  if (failure !== undefined) return undefined;
  let isExact = true;
  const json = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'number')
      isExact &&= Number.isFinite(inner) && (Number.isSafeInteger(inner) || !Number.isInteger(inner));
    return inner;
  });
  return isExact ? readable(json) : undefined;
}
