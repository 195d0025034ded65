import { expect, test } from 'vitest';
import { identityOfValue, scanIdentity } from '../../fn/krm/identity.ts';
import { identityOf } from '../../fn/krm/item.ts';
import { read } from '../../fn/krm/read.ts';
import { parse } from '../../fn/yaml/parse.ts';

const HEAD = 'apiVersion: v1\nkind: A\n';

function scan(text: string) {
  return scanIdentity(text, 0, text.length, 0);
}

test.each([
  ['plain scalars', `${HEAD}metadata:\n  name: a\n  namespace: b\n`],
  [
    'quotes and comments',
    '\'apiVersion\': "v1" # c\n"kind": \'A\'\n# c\nmetadata: # c\n    # c\n    name: "a" # c\n    namespace: \'b\'\n',
  ],
  [
    'any order',
    'metadata:\n  labels:\n    name: x\n  namespace: b\n  name: a\nspec:\n- kind: B\nkind: A\napiVersion: v1',
  ],
  ['line ends of two characters', `${HEAD}metadata:\n  name: a\n  namespace: b\n`.replaceAll('\n', '\r\n')],
  [
    'words in block scalars',
    `${HEAD}data: |\n  kind: B\n\n  # c\nmetadata:\n  namespace: b\n  name: a\n  x: >-\n    name: c\n`,
  ],
  [
    'brackets that close',
    `${HEAD}spec: {kind: B, a: [b]}\nx: "kind: B"\nmetadata:\n  labels: {}\n  name: a\n  namespace: b\n`,
  ],
])('%s are read without a parse', (_name, text) => {
  expect(scan(text)).toEqual({ apiVersion: 'v1', kind: 'A', name: 'a', namespace: 'b' });
  expect(identityOfValue(parse(text).value)).toEqual(scan(text));
});

test.each([
  ['braces', '{apiVersion: v1, kind: A, metadata: {name: a}}'],
  ['a tag', `${HEAD}metadata:\n  name: !!str a\n`],
  ['an escape', `${HEAD}metadata:\n  name: "\\x61"\n`],
  ['a doubled quote', `${HEAD}metadata:\n  name: 'a'''\n`],
  ['a block scalar', `${HEAD}metadata:\n  name: |-\n    a\n`],
  ['a word that is no string', `${HEAD}metadata:\n  name: Yes\n`],
  ['a number', `${HEAD}metadata:\n  name: 1e3\n`],
  ['a value that goes on below', `${HEAD}metadata:\n  name: a\n    b\n`],
  ['an explicit key', `${HEAD}? metadata\n: name: a\n`],
  ['brackets that close below', `${HEAD}x: [\nkind: B]\nmetadata:\n  name: a\n`],
  ['quotes that close below', `${HEAD}x: "\nkind: B"\nmetadata:\n  name: a\n`],
  ['a tab', `${HEAD}metadata:\n\tname: a\n`],
  ['a shallow line', `${HEAD}metadata:\n    name: a\n  namespace: b\n`],
])('%s needs a parse', (_name, text) => {
  expect(scan(text)).toBeUndefined();
});

test.each([
  ['in braces', `${HEAD}metadata: {name: a, namespace: b}\n`],
  ['with an anchor', `${HEAD}metadata: &m\n  name: a\n  namespace: b\n`],
  ['with a merge', `${HEAD}metadata:\n  <<: {name: a}\n  namespace: b\n`],
])('metadata %s is parsed, and nothing else', (_name, text) => {
  expect(scan(`${text}data:\n  broken: [\n`)).toEqual({ apiVersion: 'v1', kind: 'A', name: 'a', namespace: 'b' });
});

test('metadata that an alias leads out of needs a parse of all', () => {
  expect(scan(`${HEAD}labels: &l {a: b}\nmetadata: {name: a, labels: *l}\n`)).toBeUndefined();
});

test.each([
  ['without metadata', HEAD, { name: '', namespace: '' }],
  ['with empty metadata', `${HEAD}metadata:\n`, { name: '', namespace: '' }],
  ['with a name that is a number', `${HEAD}metadata:\n  name: 12\n`, { name: '', namespace: '' }],
  ['with a null namespace', `${HEAD}metadata:\n  name: a\n  namespace:\n`, { name: 'a', namespace: '' }],
  ['with merged metadata', `x: &x {name: a}\n${HEAD}metadata:\n  <<: *x\n`, { name: 'a', namespace: '' }],
])('an object %s is one', (_name, text, named) => {
  const [item] = read(text).input.items;
  expect(item && identityOf(item)).toEqual({ apiVersion: 'v1', kind: 'A', ...named });
});

test.each(['kind: A\n', 'apiVersion: v1\n', 'apiVersion: 1\nkind: A\n', 'apiVersion: ""\nkind: A\n', '{}'])(
  'a map without a kind and a version is no Kubernetes object: %j',
  (text) => {
    const { input, problems } = read(text);
    expect(problems).toEqual([]);
    expect(input.items.map((item) => identityOf(item))).toEqual([undefined]);
  },
);
