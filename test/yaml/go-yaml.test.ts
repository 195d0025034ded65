import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { compose } from '../../fn/yaml/reader/compose.ts';
import { plainValue } from '../../fn/yaml/reader/plain-value.ts';
import { identityOf, valueOf } from '../../fn/krm/item.ts';
import { read } from '../../fn/krm/read.ts';
import { describeWith } from '../engines/describe-tools.ts';
import { tool } from '../engines/tool.ts';
import { realisticOf } from '../krm/realistic.ts';
import { stylesOf } from '../krm/styles.ts';

interface Answer {
  readonly values?: unknown;
  readonly error?: string;
  /** What is read before the place of the error. */
  readonly before?: unknown;
}

/** Where we refuse a text, and go-yaml reads what stands before that place and says nothing of the rest. */
const BEHIND = [
  'nothing may follow the end of the object',
  'must be one document',
  'a key must stand in the column of the first key',
];
/** What else is refused although go-yaml reads it. */
const NO_TEXT = 'a value with the tag `!!binary` must spell UTF-8 text';

function ours(text: string): Answer {
  const { document, failure } = compose(text);
  const said = failure === undefined ? plainValue(document) : { failure };
  if (said.failure === undefined) return { values: [said.value] };
  const { reason, offset } = said.failure;
  return { error: reason, ...(BEHIND.includes(reason) && { before: ours(text.slice(0, offset)).values }) };
}

/** One spelling for equal values; JSON keeps apart 0 and -0, and the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return Object.is(inner, -0) ? 0 : inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

describeWith([tool('yaml-reader', 'YAML_READER_VERSION')], (program) => {
  const theirs = (texts: readonly string[], ...mode: readonly string[]): readonly Answer[] => {
    const input = texts.map((text) => `${JSON.stringify(text)}\n`).join('');
    const { stdout, stderr } = spawnSync(program, mode, { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
    expect(stderr).toBe('');
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
      .map((said) => (Array.isArray(said) ? { values: said } : (said as Answer)));
  };

  test('10,000 styles mean what they mean to go-yaml, and what it refuses is refused', () => {
    const texts = stylesOf(10_000, 11);
    const answers = theirs(texts);
    let readable = 0;
    for (const [index, text] of texts.entries()) {
      const [own, other] = [ours(text), answers[index]];
      if (own.error !== undefined) {
        if (other?.error === undefined && own.error !== NO_TEXT)
          expect([text, own.error, canonical(own.before)]).toEqual([text, own.error, canonical(other?.values)]);
        continue;
      }
      expect([text, canonical(own.values)]).toEqual([text, other?.error ?? canonical(other?.values)]);
      readable += 1;
    }
    expect(readable).toBeGreaterThan(3000);
  });

  test('2,000 realistic files have the objects and the values that kubectl reads, and none is refused', () => {
    const texts = realisticOf(2_000, 11);
    const answers = theirs(texts, 'stream');
    for (const [index, text] of texts.entries()) {
      const { input, problems } = read(text);
      expect([text, problems]).toEqual([text, []]);
      expect(input.items.every((item) => identityOf(item) !== undefined)).toBe(true);
      expect([text, canonical(input.items.map(valueOf))]).toEqual([text, canonical(answers[index]?.values)]);
    }
  });
});
