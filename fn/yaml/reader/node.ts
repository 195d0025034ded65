import type { Style } from './token.ts';

/** Start and end offsets; the end is not included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

interface Base {
  /** Without its anchor and tag. A block scalar ends with its last line end, what is left out begins and ends behind its colon. */
  readonly range: Range;
  /** The range of its anchor and its tag. */
  readonly properties: Range | undefined;
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
}

export interface Scalar extends Base {
  readonly kind: 'Scalar';
  /** What it means; for integers that need more than 53 bits, nearly. */
  readonly value: string | number | boolean | null;
  /** What it says. */
  readonly text: string;
  readonly style: Style;
}

export interface Alias extends Base {
  readonly kind: 'Alias';
  readonly name: string;
  /** The target; undefined if no such anchor comes before it. */
  readonly target: Node | undefined;
}

/** An entry of a map. */
export interface Pair {
  readonly key: Node;
  /** Null where there is no colon. */
  readonly value: Node | null;
  /** The offset of its `?`. */
  readonly explicit: number | undefined;
  /** The offset of its colon. */
  readonly colon: number | undefined;
}

export interface MapNode extends Base {
  readonly kind: 'Map';
  /** Whether it is written with braces. */
  readonly flow: boolean;
  readonly items: readonly Pair[];
}

export interface ListNode extends Base {
  readonly kind: 'List';
  /** Whether it is written with brackets. */
  readonly flow: boolean;
  readonly items: readonly Node[];
  /** The offset of the `-` of each element, in block style. */
  readonly dashes: readonly number[];
}

export type Node = Scalar | Alias | MapNode | ListNode;

/** The root of a document; undefined where it is empty. */
export interface YamlDocument {
  readonly contents: Node | undefined;
  readonly hasComments: boolean;
}

export function isScalar(node: Node | null | undefined): node is Scalar {
  return node?.kind === 'Scalar';
}

export function isAlias(node: Node | null | undefined): node is Alias {
  return node?.kind === 'Alias';
}

export function isMap(node: Node | null | undefined): node is MapNode {
  return node?.kind === 'Map';
}

export function isList(node: Node | null | undefined): node is ListNode {
  return node?.kind === 'List';
}

export function isCollection(node: Node | null | undefined): node is MapNode | ListNode {
  return node?.kind === 'Map' || node?.kind === 'List';
}

/** Where the node begins with its anchor and tag. */
export function startOf({ properties, range }: Node): number {
  return properties === undefined ? range.start : Math.min(properties.start, range.start);
}

/** Where an entry begins: with its `?`, or with its key. */
export function entryStart({ explicit, key }: Pair): number {
  return explicit ?? startOf(key);
}

/** A node and all below it, in the order of the text; aliases are not followed. */
export function* nodesOf(node: Node | undefined): Generator<Node> {
  if (node === undefined) return;
  yield node;
  if (node.kind === 'List') for (const item of node.items) yield* nodesOf(item);
  if (node.kind !== 'Map') return;
  for (const { key, value } of node.items) {
    yield* nodesOf(key);
    if (value !== null) yield* nodesOf(value);
  }
}

/** The entries of all maps, in the order of the text. */
export function* pairsOf(node: Node | null | undefined): Generator<Pair> {
  if (node?.kind === 'List') for (const item of node.items) yield* pairsOf(item);
  if (node?.kind !== 'Map') return;
  for (const pair of node.items) {
    yield pair;
    yield* pairsOf(pair.key);
    yield* pairsOf(pair.value);
  }
}
