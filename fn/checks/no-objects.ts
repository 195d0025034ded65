import type { Input } from '../krm/input.ts';
import { fileOf, identityOf, isReadable } from '../krm/item.ts';
import { lineOf } from '../krm/place.ts';
import type { Problem } from '../krm/problem.ts';

/** Documents that are no Kubernetes objects: nobody could apply them, and what they were meant to be would be missing. */
export function noObjects({ items }: Input): readonly Problem[] {
  return items.flatMap((item): readonly Problem[] => {
    // What cannot be read has a warning of its own.
    if (identityOf(item) !== undefined || !isReadable(item)) return [];
    const file = fileOf(item);
    const isPlaced = file !== undefined && item.source.path === undefined;
    const place = isPlaced ? `document ${file.index + 1}` : `line ${lineOf(item)}`;
    const message = `${place}: must have an \`apiVersion\` and a \`kind\`: write them, or take it out of what is read`;
    return [{ code: 'UnreadableInput', severity: 'error', message, ...(file !== undefined && { file }) }];
  });
}
