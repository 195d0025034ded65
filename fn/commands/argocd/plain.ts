import { quote } from '../../api/quote.ts';
import { textOf, valueOf } from '../../krm/item.ts';
import { readFiles } from '../../krm/read.ts';
import { compose } from '../../yaml/parse.ts';
import { type Node, nodesOf } from '../../yaml/reader/node.ts';
import { plainValue } from '../../yaml/reader/plain-value.ts';
import type { Problem } from '../../krm/problem.ts';
import { hiddenLineEnd } from '../../files/hidden-line-ends.ts';
import { Refusal } from './refusal.ts';

/** The deepest nesting after aliases are followed. The parser limits the nesting of the text. */
const MAX_DEPTH = 500;

/** The value of each document of a text, or what is wrong with the text. */
export interface Plain {
  readonly values: readonly unknown[];
  readonly problems: readonly Problem[];
}

/**
 * The documents of a text as plain data.
 * @throws {@link Refusal} for hidden line ends, and for tags unless `mode` is `tags`
 * @throws ItemUnreadable for YAML that cannot be read in bounded time
 */
export function plainOf(text: string, name: string, mode?: 'tags' | 'plugins'): Plain {
  const hidden = hiddenLineEnd(text);
  if (hidden !== undefined) throw new Refusal(hidden);
  const { input, problems } = readFiles([{ path: name, text }]);
  // Everything that is built must be readable, foreign objects as well.
  if (problems.length > 0) {
    return { values: [], problems: problems.map((problem) => ({ ...problem, severity: 'error' })) };
  }
  return {
    problems,
    values: input.items.map((item) => {
      if (mode !== 'tags') refuseTags(textOf(item));
      return mode === 'plugins' ? pluginValueOf(textOf(item), valueOf(item)) : valueOf(item);
    }),
  };
}

/**
 * kustomize reads plugins with another YAML reader than kustomizations: `on`, `yes`, `n` and the
 * like are text there.
 */
function pluginValueOf(text: string, value: unknown): unknown {
  const { document } = compose(text);
  if (document === undefined) return value;
  const isWord = (node: Node): boolean =>
    node.kind === 'Scalar' && typeof node.value === 'boolean' && !/^(true|false)$/i.test(node.text);
  if (![...nodesOf(document.contents)].some(isWord)) return value;
  return plainValue(document, (scalar) => (isWord(scalar) ? scalar.text : scalar.value)).value;
}

/**
 * A tag such as `!!binary` can hide a text, and no kustomization needs one.
 * @throws {@link Refusal} for a tag
 */
function refuseTags(text: string): void {
  if (!text.includes('!')) return;
  const { document } = compose(text);
  for (const { tag } of nodesOf(document?.contents))
    if (tag !== undefined) throw new Refusal(`must not have YAML tags, and has ${quote(tag)}`);
}

/**
 * Plain data as JSON that all YAML readers read with the same value: all characters except ASCII
 * are escaped.
 * @throws {@link Refusal} for values that JSON cannot represent, that nest too deep, or that have
 * more than `limit` characters
 */
export function jsonOf(value: unknown, limit: number): string {
  const chunks: string[] = [];
  let size = 0;
  const put = (text: string): void => {
    size += text.length;
    if (size > limit) throw new Refusal(`must not have more than ${limit} characters when its aliases are followed`);
    chunks.push(text);
  };
  const write = (inner: unknown, depth: number): void => {
    if (depth > MAX_DEPTH)
      throw new Refusal(`must not nest deeper than ${MAX_DEPTH} levels when its aliases are followed`);
    if (typeof inner === 'string') return put(textInJson(inner));
    if (typeof inner === 'number' && !Number.isFinite(inner)) throw new Refusal(`must not have the number ${inner}`);
    if (typeof inner !== 'object' || inner === null) return put(JSON.stringify(inner ?? null));
    const isList = Array.isArray(inner);
    const entries = Object.entries(inner);
    put(isList ? '[' : '{');
    for (const [index, [key, member]] of entries.entries()) {
      put(index === 0 ? '\n' : ',\n');
      // A reader could take it for a merge key, even in quotes.
      if (!isList && key === '<<') throw new Refusal('must not have the key "<<" in quotes');
      if (!isList) put(`${textInJson(key)}: `);
      write(member, depth + 1);
    }
    put(isList ? ']' : '}');
  };
  write(value, 0);
  return `${chunks.join('')}\n`;
}

/** Writes characters above U+FFFF with YAML's escape `\U`: JSON needs two escapes, which go-yaml refuses. */
function textInJson(text: string): string {
  return JSON.stringify(text).replaceAll(/[^ -~]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xff_ff ? `\\U${hexadecimal(code, 8)}` : `\\u${hexadecimal(code, 4)}`;
  });
}

function hexadecimal(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
