import { Fault } from './cursor.ts';
import type { Node, Range } from './node.ts';
import { next, peek, type Scanner } from './scanner.ts';
import type { Token } from './token.ts';

/** The maximum number of tokens: about ten times those of the largest published CRDs. */
const MAX_TOKENS = 1_000_000;

/** The state while a document is composed. */
export interface Parser {
  readonly scanner: Scanner;
  /** The latest anchor of each name. It has no node while the node is incomplete. */
  readonly anchors: Map<string, { node?: Node }>;
  readonly handles: Map<string, string>;
}

/** The anchor and the tag of a node. */
export interface Properties {
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
  readonly range: Range | undefined;
}

/**
 * Takes the next token.
 * @throws {@link Fault} for too many tokens
 */
export function take({ scanner }: Parser): Token {
  const token = next(scanner);
  if (scanner.taken > MAX_TOKENS) throw new Fault(`must not consist of more than ${MAX_TOKENS} tokens`, token.start);
  return token;
}

/**
 * Reads an anchor and a tag, in any order.
 * @throws {@link Fault} for a tag whose handle has no directive
 */
export function composeProperties(parser: Parser): Properties {
  let anchor: string | undefined;
  let tag: string | undefined;
  let range: Range | undefined;
  for (;;) {
    const { kind, start, end, text, suffix = '' } = peek(parser.scanner);
    if (kind === 'Anchor' && anchor === undefined) anchor = text;
    else if (kind === 'Tag' && tag === undefined) tag = tagOf(parser, text, suffix, start);
    else return { anchor, tag, range };
    take(parser);
    range = { start: range?.start ?? start, end };
  }
}

function tagOf({ handles }: Parser, handle: string, suffix: string, offset: number): string {
  if (handle === '') return suffix;
  const prefix = handles.get(handle);
  if (prefix === undefined) throw new Fault(`the tag ${handle}${suffix} needs a directive for ${handle}`, offset);
  return prefix + suffix;
}
