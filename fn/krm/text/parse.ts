import { Composer, Lexer, Parser, Schema, type Document } from 'yaml';
import { tooLarge } from '../limits.ts';
import { auditOf, type Failure } from './fault.ts';

export type { Failure } from './fault.ts';

export type Composed =
  /** `unresolved` is an alias whose anchor is not in the text; only who asks for its value minds. */
  | { readonly document: Document.Parsed; readonly unresolved: Failure | undefined; readonly failure?: undefined }
  | { readonly document?: undefined; readonly unresolved?: undefined; readonly failure: Failure };

export type Parsed =
  | { readonly value: unknown; readonly failure?: undefined }
  | { readonly value?: undefined; readonly failure: Failure };

/** How deep lists and maps may nest: five times what the largest published CRDs need. */
export const MAX_DEPTH = 250;
/** How many tokens are parsed at most; some ten times those of the largest published CRDs. */
const MAX_TOKENS = 1_000_000;
/** How often the parser follows an anchor, nested anchors multiplied: enough for templates, too little for a bomb. */
const MAX_ALIASES = 1_000;

const KNOWN_TAGS = new Set(
  ['map', 'seq', 'str', 'null', 'bool', 'int', 'float', 'merge'].map((name) => `tag:yaml.org,2002:${name}`),
);

/**
 * Scalars mean what they mean to kubectl (sigs.k8s.io/yaml): `0755` is octal, `on` and `yes` are booleans, `<<` merges,
 * while dates and `12:30` are strings.
 */
const schema = new Schema({
  schema: 'yaml-1.1',
  merge: true,
  customTags: (tags) =>
    tags.filter(
      (tag) => typeof tag === 'string' || (KNOWN_TAGS.has(tag.tag) && !('format' in tag && tag.format === 'TIME')),
    ),
});

/** Parses one YAML document and keeps its source tokens. Time and memory are bounded; nothing is thrown. */
export function compose(text: string): Composed {
  const large = tooLarge(text);
  if (large !== undefined) return { failure: { reason: large, offset: 0 } };
  const parser = new Parser();
  const composer = new Composer({
    version: '1.1',
    schema,
    stringKeys: true,
    uniqueKeys: false,
    keepSourceTokens: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents: Document.Parsed[] = [];
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') return { failure: { reason: token.message, offset: token.offset } };
      documents.push(...composer.next(token));
    }
    tokens += 1;
    if (parser.stack.length > MAX_DEPTH)
      return { failure: { reason: `must not nest deeper than ${MAX_DEPTH} levels`, offset: parser.offset } };
    if (tokens > MAX_TOKENS)
      return { failure: { reason: `must not consist of more than ${MAX_TOKENS} tokens`, offset: parser.offset } };
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(true, text.length));
  const [document, other] = documents;
  if (document === undefined || other !== undefined) {
    return { failure: { reason: 'must be one document', offset: other?.range[0] ?? 0 } };
  }
  const error = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0];
  if (error !== undefined) return { failure: { reason: error.message, offset: error.pos[0] } };
  const { failure, unresolved } = auditOf(document, text);
  return failure === undefined ? { document, unresolved } : { failure };
}

/** The plain value of one YAML document. Time and memory are bounded; nothing is thrown. */
export function parse(text: string): Parsed {
  const { document, failure, unresolved } = compose(text);
  if (failure !== undefined) return { failure };
  if (unresolved !== undefined) return { failure: unresolved };
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    // How the library reports too many aliases, and merges of what is no map.
    return { failure: { reason: error instanceof Error ? error.message : String(error), offset: 0 } };
  }
}
