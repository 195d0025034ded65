import { describe, expect, test } from 'vitest';
import { valueOf } from '../../fn/krm/item.ts';
import { read } from '../../fn/krm/read.ts';
import { write, writeDocuments } from '../../fn/krm/write.ts';
import { cpuTime } from '../cpu-time.ts';

/** Milliseconds of processor time; each takes a tenth of it. */
const LIMIT = 20_000;
const MANY = 100_000;
const HEAD = 'apiVersion: v1\nkind: A\nmetadata:\n  name: a\n';
const BOMB = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`).join(', ')}]`),
].join('\n');

/** What cannot be read in bounded time, and the problem that says so. */
const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ['open brackets', '['.repeat(MANY), /must not nest deeper than 250 levels/],
  ['closed brackets', '['.repeat(MANY) + ']'.repeat(MANY), /must not nest deeper/],
  ['braces', '{a: '.repeat(MANY), /must not nest deeper/],
  ['JSON', '{"a":'.repeat(MANY) + '1' + '}'.repeat(MANY), /must not nest deeper/],
  ['brackets in a list', `kind: ResourceList\nitems: ${'['.repeat(MANY)}`, /must not nest deeper/],
  ['dashes', `${'- '.repeat(MANY)}a`, /must not nest deeper/],
  ['question marks', `${'? '.repeat(MANY)}a`, /must not nest deeper/],
  ['lines', Array.from({ length: 1500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), /must not nest deeper/],
  ['an alias bomb', BOMB, /must not expand to more than 1000000 values when its aliases are followed/],
  ['an anchor within itself', 'a: &a {<<: *a}', /the alias \*a must not stand within its own anchor/],
  ['an anchor deep within itself', 'a: &a\n- b: *a\n', /the alias \*a must not stand within its own anchor/],
  [
    'merges without end',
    `a: &a {${listOf(20_000, (n) => `k${n}: 1`)}}\nb:\n${'- {<<: *a}\n'.repeat(20_000)}`,
    /must not get more than 100000 keys from merges/,
  ],
  ['elements without end', `{a: [${'a,'.repeat(600_000)}]}`, /must not consist of more than 1000000 tokens/],
  ['broken JSON of 10 MB', `{"a": [${'1,'.repeat(5_000_000)}`, /must not hold more than 4000000 values together/],
  ['values without end', `{"a": [${'{},'.repeat(9_000_000)}1]}`, /must not hold more than 4000000 values together/],
  [
    'many objects of many values',
    documents(500, `{"a": [${'{},'.repeat(20_000)}1]}`),
    /more than 4000000 values together/,
  ],
  ['documents without end', documents(300_000, 'a: 1'), /must not hold more than 200000 objects/],
  [
    'elements of a List without end',
    `apiVersion: v1\nkind: List\nitems:\n${'- a: 1\n'.repeat(300_000)}`,
    /more than 200000 objects/,
  ],
  [
    'a JSON List without end',
    `{"apiVersion":"v1","kind":"List","items":[${'{},'.repeat(300_000)}{}]}`,
    /more than 200000 objects/,
  ],
  ['an open quote of 30 MB', `"${'a'.repeat(30_000_000)}`, /must not be larger than 3 MiB where it has to be parsed/],
  ['a line of 30 MB', 'a'.repeat(30_000_000), /larger than 3 MiB where it has to be parsed, and has 28.6 MiB/],
  ['a line of 3 MB', 'a'.repeat(3_000_000), /must be an object, but is the text "a{60}…"/],
  ['a text of 50 MB', `${HEAD}data: "${'a'.repeat(50_000_000)}"\n`, /the input must not be larger than 32 MiB/],
  ['stray brackets', 'a: }'.repeat(MANY), /a value must stand here/],
  ['a broken document of many', `a: "\n---\n`.repeat(MANY), /a text in quotes must end with a quote/],
];

function documents(count: number, text: string): string {
  return `${text}\n---\n`.repeat(count);
}

function listOf(count: number, element: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => element(index)).join(', ');
}

describe('is refused in bounded time:', () => {
  test.each(REFUSED)('%s', (_name, text, reason) => {
    const start = cpuTime();
    const { input, problems } = read(text);
    expect(problems[0]?.message).toMatch(reason);
    expect(problems[0]?.message).toMatch(/^line \d+, column \d+: .{1,300}$/);
    expect(write(input, { edited: new Map(), added: [] }, [])).toBe(text);
    expect(cpuTime() - start).toBeLessThan(LIMIT);
  });
});

describe('passes in bounded time:', () => {
  test.each([
    ['a foreign line of 30 MB', `${HEAD}data: "${'a'.repeat(30_000_000)}"\n`],
    [
      'one beside a name in braces',
      `${HEAD.replace(/metadata:[^]*/, 'metadata: {name: a}')}\ndata: "${'a'.repeat(30_000_000)}"\n`,
    ],
    ['a foreign line of escapes', `${HEAD}data: "${'\\"'.repeat(5_000_000)}"\n`],
    ['blank lines', `${'\n'.repeat(2_000_000)}${HEAD}`],
    ['separators', `${'---\n'.repeat(500_000)}${HEAD}`],
    ['comments', `${'# c\n'.repeat(500_000)}${HEAD}`],
    ['many keys', `${HEAD}data: {${listOf(30_000, (n) => `k${n}: v`)}}\n`],
    ['JSON of 20 MB', `{"kind": "A", "n": [${'12345678,'.repeat(2_200_000)}1]}`],
    ['nulls', `kind: ResourceList\napiVersion: config.kubernetes.io/v1\nitems:\n${'-\n'.repeat(MANY)}- kind: A\n`],
  ])('%s', (_name, text) => {
    const start = cpuTime();
    const { input, problems } = read(text);
    expect(problems).toEqual([]);
    expect(input.items).toHaveLength(1);
    expect(write(input, { edited: new Map(), added: [] }, []) === text).toBe(true);
    expect(writeDocuments(input, { edited: new Map(), added: [] })).not.toBe('');
    expect(cpuTime() - start).toBeLessThan(LIMIT);
  });
});

test('a deep foreign object passes as long as nobody asks for its value', () => {
  const text = `${HEAD}data: ${'['.repeat(MANY)}${']'.repeat(MANY)}\n`;
  const { input, problems } = read(text);
  expect(problems).toEqual([]);
  expect(() => input.items.map(valueOf)).toThrow(/^line 5, column \d+: must not nest deeper than 250 levels$/);
});

test('ten times the objects take less than thirty times as long', () => {
  const deployment = (index: number) =>
    `- apiVersion: apps/v1\n  kind: Deployment\n  metadata:\n    name: app-${index}\n  spec:\n    replicas: 2\n    template:\n      spec:\n        containers:\n        - name: main\n`;
  const time = (count: number) => {
    const items = Array.from({ length: count }, (_, index) => deployment(index)).join('');
    const text = Buffer.from(`apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${items}`).toString();
    const start = cpuTime();
    const { input } = read(text);
    expect(input.items).toHaveLength(count);
    write(input, { edited: new Map(), added: [{ kind: 'A' }] }, []);
    return cpuTime() - start;
  };
  time(5_000);
  expect(time(100_000)).toBeLessThan(30 * Math.max(time(10_000), 20));
});
