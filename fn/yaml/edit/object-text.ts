import { NotEditable } from '../not-editable.ts';
import {
  entryStart,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  type Scalar,
  type Node,
  nodesOf,
  pairsOf,
  startOf,
  type YamlDocument,
} from '../reader/node.ts';
import { compose } from '../parse.ts';
import { splice, type Splice } from './splice.ts';

/** The text of one object, and its nodes. */
export interface ObjectText {
  /** Always has a final line end; {@link edit} removes one that was added here. */
  readonly text: string;
  readonly eol: '\n' | '\r\n';
  /** Whether the given text has a final line end. */
  readonly terminated: boolean;
  readonly document: YamlDocument;
}

/**
 * Parses the text of an object.
 * @throws {@link NotEditable} for invalid YAML, and for a line end other than U+000A before a node
 */
export function parseText(given: string): ObjectText {
  const terminated = given.endsWith('\n');
  const eol = /\r?\n/.exec(given)?.[0] === '\r\n' ? '\r\n' : '\n';
  const text = terminated ? given : given + eol;
  const { document, failure } = compose(text);
  if (failure) throw new NotEditable('Unreadable', failure.reason);
  if (hasHiddenLine(text, document)) throw new NotEditable('Unreadable', 'lines must end with U+000A');
  return { text, eol, terminated, document };
}

/**
 * Whether a node begins after a line end other than U+000A. YAML 1.1 knows such line ends, and most
 * editors do not.
 */
function hasHiddenLine(text: string, { contents }: YamlDocument): boolean {
  if (!/[\x85\u2028\u2029]|\r(?!\n)/.test(text)) return false;
  for (const node of nodesOf(contents)) {
    if (/[\x85\u2028\u2029\r] *(?:- +)*$/.test(text.slice(lineStart(text, startOf(node)), startOf(node)))) return true;
  }
  return false;
}

/**
 * Applies edits. If the given text has no final line end, the result has none either, unless that
 * would change a block scalar.
 */
export function edit(object: ObjectText, edits: readonly Splice[]): string {
  const text = splice(object.text, edits);
  if (object.terminated) return text;
  const endTouched = edits.some(({ end }) => end === object.text.length);
  if (!endTouched) return text.slice(0, text.length - object.eol.length);
  return isBlockScalar(lastLeaf(compose(text).document?.contents)) ? text : text.replace(/\r?\n$/, '');
}

/** Whether a node is shared: it is an alias, or an alias refers to it. */
export function isShared({ document }: ObjectText, node: Node | null | undefined): boolean {
  if (isAlias(node)) return true;
  const anchor = node?.anchor;
  return anchor !== undefined && hasAlias(document, anchor);
}

/** Whether the document has an alias: any, or one for the given anchor. */
export function hasAlias(document: YamlDocument, anchor?: string): boolean {
  for (const node of nodesOf(document.contents)) {
    if (isAlias(node) && (anchor === undefined || node.name === anchor)) return true;
  }
  return false;
}

/** The offset where the line begins. A byte order mark is not part of a line. */
export function lineStart(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith('\ufeff') ? 1 : start;
}

/** The offset after the line end, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

/** The number of characters before this one in its line. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Columns by which the text indents a mapping in a mapping; 2 if it has none. */
export function indentUnit({ text, document }: ObjectText): number {
  for (const pair of pairsOf(document.contents)) {
    const { value } = pair;
    if (isMap(value) && !value.flow) return columnOf(text, value.range.start) - columnOf(text, entryStart(pair));
  }
  return 2;
}

export function isBlockScalar(node: Node | null | undefined): node is Scalar {
  return isScalar(node) && (node.style === 'Literal' || node.style === 'Folded');
}

/** The scalar, alias or flow collection at the end of a node's text; undefined for an absent value. */
export function lastLeaf(node: Node | null | undefined): Node | undefined {
  if (!isCollection(node) || node.flow) return node ?? undefined;
  return lastLeaf(node.kind === 'Map' ? node.items.at(-1)?.value : node.items.at(-1));
}
