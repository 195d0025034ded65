import { expect, test } from 'vitest';
import { parse } from '../../fn/yaml/parse.ts';
import { closed } from '../../fn/yaml/closing.ts';
import { read } from '../../fn/krm/read.ts';
import { write, writeDocuments } from '../../fn/krm/write.ts';

const HEAD = 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  password: ';
const ADDED = [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } }];

test.each([
  ['a literal block', '|\n    hunter2', '|-\n    hunter2\n'],
  ['a folded block', '>\n    a\n    b', '>-\n    a\n    b\n'],
  ['a block that keeps line ends', '|+\n    hunter2', '|-\n    hunter2\n'],
  ['an indented block', '|2\n     hunter2', '|2-\n     hunter2\n'],
  ['a block without text', '|', '|\n'],
  ['a block that strips already', '|-\n    hunter2', '|-\n    hunter2\n'],
  ['a line', 'hunter2', 'hunter2\n'],
  ['a block with CRLF', '|\r\n    hunter2', '|-\r\n    hunter2\r\n'],
])('%s keeps its value in every way out', (_name, value, expected) => {
  const text = HEAD + value;
  const lineEnd = value.includes('\r') ? '\r\n' : '\n';
  const result = closed(text, lineEnd);
  expect(result).toBe(HEAD + expected);
  expect(parse(result).value).toEqual(parse(text).value);
  const { input } = read(text);
  const ways = [
    write(input, { edited: new Map(), added: ADDED }, []),
    writeDocuments(input, { edited: new Map(), added: ADDED }),
    writeDocuments(input, { edited: new Map(), added: [] }),
  ];
  for (const way of ways) expect(parse(way.split(/^---/m)[0] ?? '').value).toEqual(parse(text).value);
  expect(write(input, { edited: new Map(), added: [] }, [])).toBe(text);
});

test('an annotation that the user asked of kustomize stays', () => {
  const text =
    'apiVersion: v1\nkind: A\nmetadata:\n  annotations:\n    config.kubernetes.io/origin: |\n      path: a.yaml\n';
  expect(writeDocuments(read(text).input, { edited: new Map(), added: [] })).toBe(text);
});

test('a document that is indented in its first line only is not repaired', () => {
  const text = '  apiVersion: v1\nkind: A\nmetadata: {name: a}\n';
  const { input, problems } = read(text);
  expect(problems.map(({ severity }) => severity)).toEqual(['warning']);
  expect(writeDocuments(input, { edited: new Map(), added: [] })).toBe(text);
});
