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

/** The text of one object, and where its nodes are. */
export interface ObjectText {
  /** Always ends a line; {@link edit} takes a line end that was added for this back. */
  readonly text: string;
  readonly eol: '\n' | '\r\n';
  /** Whether the text as it was given ends a line. */
  readonly terminated: boolean;
  readonly document: YamlDocument;
}

/** @throws {@link NotEditable} for broken YAML */
export function parseText(given: string): ObjectText {
  const terminated = given.endsWith('\n');
  const eol = /\r?\n/.exec(given)?.[0] === '\r\n' ? '\r\n' : '\n';
  const text = terminated ? given : given + eol;
  const { document, failure } = compose(text);
  if (failure) throw new NotEditable('Unreadable', failure.reason);
  if (hasHiddenLine(text, document)) throw new NotEditable('Unreadable', 'lines must end with U+000A');
  return { text, eol, terminated, document };
}

/** Whether something begins a line behind another line end than U+000A, which readers of YAML 1.1 know and editors do not. */
function hasHiddenLine(text: string, { contents }: YamlDocument): boolean {
  if (!/[\x85\u2028\u2029]|\r(?!\n)/.test(text)) return false;
  for (const node of nodesOf(contents)) {
    if (/[\x85\u2028\u2029\r] *(?:- +)*$/.test(text.slice(lineStart(text, startOf(node)), startOf(node)))) return true;
  }
  return false;
}

/** A final line end that the given text lacked stays away, unless it would now change a block scalar. */
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

/** Whether any alias, or one for this anchor, is in the document. */
export function hasAlias(document: YamlDocument, anchor?: string): boolean {
  for (const node of nodesOf(document.contents)) {
    if (isAlias(node) && (anchor === undefined || node.name === anchor)) return true;
  }
  return false;
}

/** A byte order mark belongs to no line. */
export function lineStart(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith('\ufeff') ? 1 : start;
}

/** The offset after the line's end. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

/** Characters before this one in its line, counted from 0. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** By how many columns the text indents a map within a map; 2 where it has none. */
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

/** The scalar, alias or flow collection that ends a node's text; undefined for a value left out. */
export function lastLeaf(node: Node | null | undefined): Node | undefined {
  if (!isCollection(node) || node.flow) return node ?? undefined;
  return lastLeaf(node.kind === 'Map' ? node.items.at(-1)?.value : node.items.at(-1));
}
