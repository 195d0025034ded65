import { keyOf } from '../yaml/edit/slot.ts';
import type { Input } from './input.ts';
import type { Item } from './item.ts';
import type { Problem } from './problem.ts';
import { compose } from '../yaml/parse.ts';
import { inPlace } from '../yaml/text/slice.ts';
import { type Position, positionOf } from '../yaml/text/source.ts';
import { isAlias, isList, isMap, type Node, type Pair, type YamlDocument } from '../yaml/reader/node.ts';

/** Adds line and column to the problems of objects in files. */
export function locate({ items }: Pick<Input, 'items'>, problems: readonly Problem[]): readonly Problem[] {
  if (problems.every(({ severity, file }) => severity === 'info' || file === undefined)) return problems;
  const byPlace = new Map(items.map((item) => [placeOf(item.source.path, item.index), item]));
  const documents = new Map<Item, YamlDocument | undefined>();
  return problems.map((problem) => {
    const { severity, file, field, code } = problem;
    const item = file && byPlace.get(placeOf(file.path, file.index));
    // The message of an unreadable item already contains the position.
    if (item?.source.path === undefined || severity === 'info' || code === 'UnreadableInput') return problem;
    if (!documents.has(item)) documents.set(item, compose(inPlace(item.source.text, item)).document);
    return { ...problem, position: positionIn(item, documents.get(item), stepsOf(field?.path ?? '')) };
  });
}

function placeOf(path: string | undefined, index: number): string {
  return `${index} ${path ?? ''}`;
}

/** The position of a field, or of the deepest part of its path that exists. */
function positionIn(item: Item, document: YamlDocument | undefined, steps: readonly (string | number)[]): Position {
  let node: Node | null | undefined = document?.contents;
  let offset = node?.range.start ?? item.column;
  for (const step of steps) {
    const holder: Node | null | undefined = isAlias(node) ? node.target : node;
    const pair: Pair | undefined = isMap(holder) ? holder.items.find(({ key }) => keyOf(key) === step) : undefined;
    const element: Node | undefined = isList(holder) && typeof step === 'number' ? holder.items[step] : undefined;
    const found = pair ? pair.key : element;
    if (found === undefined) break;
    offset = found.range.start;
    node = pair ? pair.value : element;
  }
  return positionOf(item.source, item.start + offset - item.column);
}

/** The steps of a path in a message, such as `spec.clients[0].selector.matchLabels["example.com/role"]`. */
function stepsOf(path: string): readonly (string | number)[] {
  const steps = path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g);
  return [...steps].map(([, index, quoted, name = '']) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? name : String(JSON.parse(quoted));
  });
}
