import { fileOf, type Item } from './item.ts';
import { contentAt } from '../yaml/text/lines.ts';
import { positionOf, type Source } from '../yaml/text/source.ts';

/**
 * The place of an item, for messages. In a ResourceList, the orchestrator names the file and the
 * position.
 */
export function placeOf(item: Item): string {
  const { source } = item;
  const file = fileOf(item);
  if (file !== undefined && source.path === undefined)
    return file.index === 0 ? JSON.stringify(file.path) : `${JSON.stringify(file.path)} (document ${file.index + 1})`;
  return `line ${lineOf(item)} of ${file === undefined ? 'the input' : JSON.stringify(file.path)}`;
}

/** The line on which an item begins, without the comments before it. */
export function lineOf({ source, start, end }: Item): number {
  return lineIn(source, contentAt(source.text, start, end));
}

/** The line of an offset in a text that was read. */
export function lineIn(source: Source, offset: number): number {
  return positionOf(source, offset).line;
}
