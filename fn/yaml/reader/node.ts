import type { Style } from './token.ts';

/** Offsets in the text; `end` is not included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

interface Base {
  /**
   * Without anchor and tag. A block scalar ends after its last line end. A value that is left out
   * has an empty range after its colon.
   */
  readonly range: Range;
  /** The range of the anchor and the tag. */
  readonly properties: Range | undefined;
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
}

export interface Scalar extends Base {
  readonly kind: 'Scalar';
  /** The value. An integer of more than 53 bits is rounded. */
  readonly value: string | number | boolean | null;
  /** The content as text, before it gets a type. */
  readonly text: string;
  readonly style: Style;
}

export interface Alias extends Base {
  readonly kind: 'Alias';
  readonly name: string;
  /** The node with that anchor; undefined if no such anchor comes before the alias. */
  readonly target: Node | undefined;
}

/** An entry of a mapping. */
export interface Pair {
  readonly key: Node;
  /** Null if there is no colon. */
  readonly value: Node | null;
  /** The offset of the `?` of an explicit key. */
  readonly explicit: number | undefined;
  /** The offset of the colon. */
  readonly colon: number | undefined;
}

/** A mapping. */
export interface MapNode extends Base {
  readonly kind: 'Map';
  /** Whether it is in flow style: `{…}`. */
  readonly flow: boolean;
  readonly items: readonly Pair[];
}

/** A sequence. */
export interface ListNode extends Base {
  readonly kind: 'List';
  /** Whether it is in flow style: `[…]`. */
  readonly flow: boolean;
  readonly items: readonly Node[];
  /** The offset of each `-` in block style. */
  readonly dashes: readonly number[];
}

export type Node = Scalar | Alias | MapNode | ListNode;

/** A document. Its root is undefined if it is empty. */
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

/** Where the node begins, with its anchor and tag. */
export function startOf({ properties, range }: Node): number {
  return properties === undefined ? range.start : Math.min(properties.start, range.start);
}

/** Where an entry begins: at its `?`, or at its key. */
export function entryStart({ explicit, key }: Pair): number {
  return explicit ?? startOf(key);
}

/** A node and all nodes in it, in the order of the text. Aliases are not followed. */
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

/** The entries of all mappings, in the order of the text. */
export function* pairsOf(node: Node | null | undefined): Generator<Pair> {
  if (node?.kind === 'List') for (const item of node.items) yield* pairsOf(item);
  if (node?.kind !== 'Map') return;
  for (const pair of node.items) {
    yield pair;
    yield* pairsOf(pair.key);
    yield* pairsOf(pair.value);
  }
}
