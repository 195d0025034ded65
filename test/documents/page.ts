import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Every page, by its path from the root of the checkout. */
export const PAGES = globSync('{{site/,}*.md,.github/*.md,{deploy,docs,examples,test}/**/*.md}', {
  cwd: ROOT,
}).toSorted();

/** Those for users, whose commands are run, or say why not. */
export const FOR_USERS = PAGES.filter((page) => /^(?:README\.md|(?:deploy|docs|examples)\/.*)$/.test(page));

/** The text of a file of the checkout. */
export function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** What is said of a block, by comments right before it such as `<!-- needs: a registry -->`. */
export const MARKS = ['needs', 'run by', 'run in', 'ends with', 'prints within', 'part of'] as const;

export type Mark = (typeof MARKS)[number];

/** A block of code of a page. */
export interface Block {
  /** Behind its fence, such as `sh`; nothing where it has none. */
  readonly language: string;
  readonly text: string;
  /** The line of its fence, from 1. */
  readonly line: number;
  readonly marks: Readonly<Partial<Record<Mark, string>>>;
  /** Comments that stand where marks do, and are none. */
  readonly strange: readonly string[];
  /** The next block, where nothing but blank lines is between, and it has no language: what commands print. */
  readonly output?: string;
}

/** The blocks of a page in order; a block in a list is moved to the left. */
export function blocksOf(page: string): readonly Block[] {
  const found = [...page.matchAll(/^( *)```([\w-]*).*\n([^]*?)^\1```$/gm)];
  return found.map((match, index) => {
    const [whole, indent = '', language = '', text = ''] = match;
    const before = page.slice(0, match.index);
    const next = found[index + 1];
    const between = next && page.slice(match.index + whole.length, next.index);
    const isOutput = next?.[2] === '' && between?.trim() === '';
    return {
      language,
      text: text.replace(new RegExp(`^${indent}`, 'gm'), ''),
      line: before.split('\n').length,
      ...comments(before),
      ...(isOutput && { output: next[3] ?? '' }),
    };
  });
}

function comments(before: string): Pick<Block, 'marks' | 'strange'> {
  const [, above = ''] = /(?:^|\n)((?: *<!-- .* -->\n)*)$/.exec(before) ?? [];
  const found = above
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line, /^ *<!-- ([a-z ]+): (.+) -->$/.exec(line)] as const);
  const isMark = (name: string | undefined) => MARKS.some((mark) => mark === name);
  return {
    marks: Object.fromEntries(found.flatMap(([, match]) => (isMark(match?.[1]) ? [[match?.[1], match?.[2]]] : []))),
    strange: found.flatMap(([line, match]) => (isMark(match?.[1]) ? [] : [line.trim()])),
  };
}
