import { characterFault } from './characters.ts';
import { Fault } from './cursor.ts';
import type { Failure } from './failure.ts';
import { composeNode } from './compose-node.ts';
import type { YamlDocument } from './node.ts';
import type { Parser } from './parser.ts';
import { YAML_TAG } from './resolve.ts';
import { next, peek, scannerOf } from './scanner.ts';
import type { TokenKind } from './token.ts';

export { MAX_DEPTH } from './compose-node.ts';

export type Composed =
  | { readonly document: YamlDocument; readonly failure?: undefined }
  | { readonly document?: undefined; readonly failure: Failure };

/**
 * Reads one YAML document like go-yaml v2, which kubectl and the Kubernetes libraries use. It
 * follows libyaml, which is less strict than YAML 1.2: brackets may close, and quoted scalars may
 * continue, in any column. Time and memory are bounded; nothing is thrown.
 */
export function compose(text: string): Composed {
  const failure = characterFault(text);
  if (failure !== undefined) return { failure };
  const handles = new Map([
    ['!', '!'],
    ['!!', YAML_TAG],
  ]);
  try {
    return { document: composeDocument({ scanner: scannerOf(text), anchors: new Map(), handles }) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { failure: error.failure };
  }
}

const REST: Partial<Record<TokenKind, string>> = {
  Directive: 'must be one document',
  DocumentStart: 'must be one document',
  BlockMap: 'a key must stand in the column of the first key',
};

const ENDS: ReadonlySet<TokenKind> = new Set<TokenKind>(['Directive', 'DocumentStart', 'DocumentEnd', 'StreamEnd']);

function composeDocument(parser: Parser): YamlDocument {
  const { scanner, handles } = parser;
  let isExplicit = false;
  for (; peek(scanner).kind === 'Directive'; isExplicit = true) {
    const { text, suffix = '' } = next(scanner);
    if (text !== '') handles.set(text, suffix);
  }
  if (peek(scanner).kind === 'DocumentStart') {
    next(scanner);
  } else if (isExplicit || peek(scanner).kind === 'DocumentEnd') {
    throw new Fault('`---` must follow a directive', peek(scanner).start);
  }
  const contents = ENDS.has(peek(scanner).kind) ? undefined : composeNode(parser, 'Block', 0);
  if (peek(scanner).kind === 'DocumentEnd') next(scanner);
  const { kind, start } = peek(scanner);
  // go-yaml ignores the rest, such as the further lines of a text in which only the first line is
  // indented.
  if (kind !== 'StreamEnd') throw new Fault(REST[kind] ?? 'nothing may follow the end of the object', start);
  return { contents, hasComments: scanner.hasComments };
}
