import { quote } from '../../api/quote.ts';
import { textOf, valueOf } from '../../krm/item.ts';
import { readFiles } from '../../krm/read.ts';
import { compose } from '../../yaml/parse.ts';
import { type Node, nodesOf } from '../../yaml/reader/node.ts';
import { plainValue } from '../../yaml/reader/plain-value.ts';
import type { Problem } from '../../krm/problem.ts';
import { hiddenLineEnd } from '../../files/hidden-line-ends.ts';
import { Refusal } from './refusal.ts';

/** How deep values may nest when aliases are followed; how deep texts nest is looked at when they are parsed. */
const MAX_DEPTH = 500;

/** What a text says, document by document, or what is wrong with it. */
export interface Plain {
  readonly values: readonly unknown[];
  readonly problems: readonly Problem[];
}

/**
 * The documents of a text as plain data. Throws {@link Refusal} for hidden line ends, and tags unless they may be there, and ItemUnreadable
 * for what cannot be read in bounded time.
 */
export function plainOf(text: string, name: string, mode?: 'tags' | 'plugins'): Plain {
  const hidden = hiddenLineEnd(text);
  if (hidden !== undefined) throw new Refusal(hidden);
  const { input, problems } = readFiles([{ path: name, text }]);
  // What is built from must be readable, whosever it is.
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

/** kustomize reads plugins with another reader than kustomizations: `on`, `yes`, `n` and the like are texts there. */
function pluginValueOf(text: string, value: unknown): unknown {
  const { document } = compose(text);
  if (document === undefined) return value;
  const isWord = (node: Node): boolean =>
    node.kind === 'Scalar' && typeof node.value === 'boolean' && !/^(true|false)$/i.test(node.text);
  if (![...nodesOf(document.contents)].some(isWord)) return value;
  return plainValue(document, (scalar) => (isWord(scalar) ? scalar.text : scalar.value)).value;
}

/** A tag can make text of what looks like something else (`!!binary`); nothing in a kustomization needs one. */
function refuseTags(text: string): void {
  if (!text.includes('!')) return;
  const { document } = compose(text);
  for (const { tag } of nodesOf(document?.contents))
    if (tag !== undefined) throw new Refusal(`must not have YAML tags, and has ${quote(tag)}`);
}

/**
 * Plain data as JSON of one meaning for every reader of YAML: all but ASCII is escaped. Throws {@link Refusal} for what JSON cannot say,
 * for values that nest too deep, and beyond a number of characters.
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
      // A reader could take it for a merge, although it stands in quotes.
      if (!isList && key === '<<') throw new Refusal('must not have the key "<<" in quotes');
      if (!isList) put(`${textInJson(key)}: `);
      write(member, depth + 1);
    }
    put(isList ? ']' : '}');
  };
  write(value, 0);
  return `${chunks.join('')}\n`;
}

/** YAML has an escape of its own for what takes two in JSON, which go-yaml refuses. */
function textInJson(text: string): string {
  return JSON.stringify(text).replaceAll(/[^ -~]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xff_ff ? `\\U${hexadecimal(code, 8)}` : `\\u${hexadecimal(code, 4)}`;
  });
}

function hexadecimal(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
