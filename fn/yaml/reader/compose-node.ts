import { Fault } from './cursor.ts';
import type { ListNode, MapNode, Node, Pair, Range, Scalar } from './node.ts';
import { composeProperties, type Parser, type Properties, take } from './parser.ts';
import { resolve } from './resolve.ts';
import { peek } from './scanner.ts';
import type { Token, TokenKind } from './token.ts';

/** The deepest nesting of sequences and mappings: five times what the largest published CRDs need. */
export const MAX_DEPTH = 250;

/**
 * Composes a node with its anchor and tag.
 * @throws {@link Fault}
 */
export function composeNode(parser: Parser, place: 'Block' | 'Value' | 'Flow', depth: number): Node {
  const { scanner, anchors } = parser;
  if (depth > MAX_DEPTH) throw new Fault(`must not nest deeper than ${MAX_DEPTH} levels`, peek(scanner).start);
  const first = peek(scanner);
  if (first.kind === 'Alias') return composeAlias(parser, take(parser));
  const properties = composeProperties(parser);
  const anchored: { node?: Node } = {};
  if (properties.anchor !== undefined) anchors.set(properties.anchor, anchored);
  const node = composeContent(parser, place, depth, properties);
  anchored.node = node;
  return node;
}

function composeContent(
  parser: Parser,
  place: 'Block' | 'Value' | 'Flow',
  depth: number,
  properties: Properties,
): Node {
  const token = peek(parser.scanner);
  const { kind } = token;
  if (place === 'Value' && kind === 'Element') return composeElements(parser, depth, properties, 'Indentless');
  if (kind === 'Scalar') return scalarOf(take(parser), properties);
  if (kind === 'FlowList') return composeFlowList(parser, depth, properties);
  if (kind === 'FlowMap') return composeFlowMap(parser, depth, properties);
  if (place !== 'Flow' && kind === 'BlockList') {
    take(parser);
    return composeElements(parser, depth, properties, 'Indented');
  }
  if (place !== 'Flow' && kind === 'BlockMap') return composeBlockMap(parser, depth, properties);
  if (properties.range === undefined) throw new Fault('a value must stand here', token.start);
  return empty(properties.range.end, properties);
}

function composeAlias({ anchors }: Parser, { text: name, start, end }: Token): Node {
  const anchored = anchors.get(name);
  if (anchored !== undefined && anchored.node === undefined)
    throw new Fault(`the alias *${name} must not stand within its own anchor`, start);
  const range = { start, end };
  return {
    kind: 'Alias',
    name,
    target: anchored?.node,
    range,
    properties: undefined,
    anchor: undefined,
    tag: undefined,
  };
}

function scalarOf({ text, style = 'Plain', start, end }: Token, properties: Properties): Scalar {
  const isText = style !== 'Plain' && properties.tag === undefined;
  const value = isText ? text : resolve(text, properties.tag, start);
  const { anchor, tag, range } = properties;
  return { kind: 'Scalar', value, text, style, range: { start, end }, anchor, tag, properties: range };
}

const NONE: Properties = { anchor: undefined, tag: undefined, range: undefined };

function mapOf(
  flow: boolean,
  items: readonly Pair[],
  range: Range,
  { anchor, tag, range: properties }: Properties,
): MapNode {
  return { kind: 'Map', flow, items, range, anchor, tag, properties };
}

/** The empty scalar of a value that is left out. */
function empty(at: number, properties = NONE): Scalar {
  return scalarOf({ kind: 'Scalar', start: at, end: at, text: '' }, properties);
}

/** A block sequence. Without indentation, its `-` is in the column of its key. */
function composeElements(
  parser: Parser,
  depth: number,
  properties: Properties,
  how: 'Indented' | 'Indentless',
): ListNode {
  const { scanner } = parser;
  const items: Node[] = [];
  const dashes: number[] = [];
  while (peek(scanner).kind === 'Element') {
    const dash = take(parser);
    dashes.push(dash.start);
    const { kind } = peek(scanner);
    const isEmpty =
      kind === 'Element' || kind === 'BlockEnd' || (how === 'Indentless' && (kind === 'Key' || kind === 'Value'));
    items.push(isEmpty ? empty(dash.end) : composeNode(parser, 'Block', depth + 1));
  }
  if (how === 'Indented')
    expect(parser, 'BlockEnd', 'a list must go on with `-` in the column of its first element, or end');
  const start = dashes[0] ?? 0;
  const { anchor, tag, range } = properties;
  const end = items.at(-1)?.range.end ?? start;
  return { kind: 'List', flow: false, items, dashes, range: { start, end }, anchor, tag, properties: range };
}

function expect(parser: Parser, kind: TokenKind, reason: string): Token {
  const token = take(parser);
  if (token.kind !== kind) throw new Fault(reason, token.start);
  return token;
}

function composeBlockMap(parser: Parser, depth: number, properties: Properties): MapNode {
  const { scanner } = parser;
  const { start } = take(parser);
  const items: Pair[] = [];
  while (peek(scanner).kind === 'Key') items.push(composePair(parser, depth, IN_BLOCK, 'Value'));
  expect(parser, 'BlockEnd', 'a map must go on with a key in the column of its first key, or end');
  const last = items.at(-1);
  const end = last?.value?.range.end ?? last?.key.range.end ?? start;
  return mapOf(false, items, { start, end }, properties);
}

/** A key and its value. Both may be left out: then a token of one of the kinds in `ends` follows. */
function composePair(parser: Parser, depth: number, ends: readonly TokenKind[], place: 'Value' | 'Flow'): Pair {
  const { scanner } = parser;
  const mark = peek(scanner).kind === 'Key' ? take(parser) : undefined;
  const explicit = mark !== undefined && mark.end > mark.start ? mark.start : undefined;
  const bare = peek(scanner);
  const key = ends.includes(bare.kind) ? empty(mark?.end ?? bare.start) : composeNode(parser, place, depth + 1);
  if (peek(scanner).kind !== 'Value') return { key, value: null, explicit, colon: undefined };
  const colon = take(parser);
  const value = ends.includes(peek(scanner).kind) ? empty(colon.end) : composeNode(parser, place, depth + 1);
  return { key, value, explicit, colon: colon.start };
}

const IN_BLOCK: readonly TokenKind[] = ['Key', 'Value', 'BlockEnd'];
const IN_MAP: readonly TokenKind[] = ['Value', 'Comma', 'FlowMapEnd'];
const IN_LIST: readonly TokenKind[] = ['Value', 'Comma', 'FlowListEnd'];

function composeFlowMap(parser: Parser, depth: number, properties: Properties): MapNode {
  const { scanner } = parser;
  const { start } = take(parser);
  const items: Pair[] = [];
  while (peek(scanner).kind !== 'FlowMapEnd') {
    if (items.length > 0) expect(parser, 'Comma', 'a map in braces must go on with `,` or end with `}`');
    if (peek(scanner).kind === 'FlowMapEnd') break;
    items.push(
      peek(scanner).kind === 'Key'
        ? composePair(parser, depth, IN_MAP, 'Flow')
        : { key: composeNode(parser, 'Flow', depth + 1), value: null, explicit: undefined, colon: undefined },
    );
  }
  return mapOf(true, items, { start, end: take(parser).end }, properties);
}

function composeFlowList(parser: Parser, depth: number, properties: Properties): ListNode {
  const { scanner } = parser;
  const { start } = take(parser);
  const items: Node[] = [];
  while (peek(scanner).kind !== 'FlowListEnd') {
    if (items.length > 0) expect(parser, 'Comma', 'a list in brackets must go on with `,` or end with `]`');
    if (peek(scanner).kind === 'FlowListEnd') break;
    items.push(peek(scanner).kind === 'Key' ? composeSingle(parser, depth) : composeNode(parser, 'Flow', depth + 1));
  }
  const { end } = take(parser);
  const { anchor, tag, range } = properties;
  return { kind: 'List', flow: true, items, dashes: [], range: { start, end }, anchor, tag, properties: range };
}

/** A mapping of one entry without braces, as an element of a flow sequence: `[a: b]`. */
function composeSingle(parser: Parser, depth: number): MapNode {
  const pair = composePair(parser, depth + 1, IN_LIST, 'Flow');
  const start = pair.explicit ?? pair.key.range.start;
  const end = pair.value?.range.end ?? pair.key.range.end;
  return mapOf(true, [pair], { start, end }, NONE);
}
