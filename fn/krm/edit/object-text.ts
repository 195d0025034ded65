import { type Document, isAlias, isCollection, isMap, isNode, isPair, isScalar, type Node, visit } from 'yaml';
import { compose } from '../text/parse.ts';
import { splice, type Splice } from './splice.ts';

/** The text of one object, and where its nodes are. */
export interface ObjectText {
  /** Always ends a line; {@link edit} takes a line end that was added for this back. */
  readonly text: string;
  readonly eol: '\n' | '\r\n';
  /** Whether the text as it was given ends a line. */
  readonly terminated: boolean;
  readonly document: Document.Parsed;
}

/** The text of an object cannot be changed where it was asked to be. The message says why, in the user's terms. */
export class NotEditable extends Error {
  override readonly name = 'NotEditable';
  /** `Shared`: by an anchor and an alias, another place would change too. `NotAMap`: there is something else than a map or a list. */
  readonly reason: 'Unreadable' | 'NotAMap' | 'Shared';

  constructor(reason: NotEditable['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** @throws {@link NotEditable} for broken YAML */
export function parseText(given: string): ObjectText {
  const terminated = given.endsWith('\n');
  const eol = /\r?\n/.exec(given)?.[0] === '\r\n' ? '\r\n' : '\n';
  const text = terminated ? given : given + eol;
  const { document, failure } = compose(text);
  if (failure) throw new NotEditable('Unreadable', failure.reason);
  return { text, eol, terminated, document };
}

/** A final line end that the given text lacked stays away, unless it would now change a block scalar. */
export function edit(object: ObjectText, edits: readonly Splice[]): string {
  const text = splice(object.text, edits);
  if (object.terminated) return text;
  const endTouched = edits.some(({ end }) => end === object.text.length);
  if (!endTouched) return text.slice(0, text.length - object.eol.length);
  return isBlockScalar(lastLeaf(compose(text).document?.contents)) ? text : text.replace(/\r?\n$/, '');
}

/** Whether a node stands in more than one place: it is an alias, or an alias stands for it. */
export function isShared({ document }: ObjectText, node: unknown): boolean {
  if (isAlias(node)) return true;
  const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined;
  return anchor !== undefined && hasAlias(document, anchor);
}

/** Whether any alias, or one for this anchor, is in the document. */
export function hasAlias(document: Document.Parsed, anchor?: string): boolean {
  let found = false;
  visit(document, {
    Alias: (_, { source }) => {
      found ||= anchor === undefined || source === anchor;
    },
  });
  return found;
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
  let unit = 2;
  visit(document, {
    Pair: (_, { key, value }) => {
      const [outer, inner] = [rangeStart(key), rangeStart(value)];
      if (!isMap(value) || value.flow || outer === undefined || inner === undefined) return undefined;
      unit = columnOf(text, inner) - columnOf(text, outer);
      return visit.BREAK;
    },
  });
  return unit;
}

function rangeStart(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

export function isBlockScalar(node: unknown): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}

/** The scalar, alias or flow collection that ends a node's text; undefined for a value left out. */
export function lastLeaf(node: unknown): Node | undefined {
  if (isCollection(node) && !node.flow) {
    const last: unknown = node.items.at(-1);
    return lastLeaf(isPair(last) ? last.value : last);
  }
  return isScalar(node) || isAlias(node) || isCollection(node) ? node : undefined;
}
