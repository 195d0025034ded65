import { describe, expect, test } from 'vitest';
import { fileOf, identityKey, identityOf, textOf, valueOf } from '../../fn/krm/item.ts';
import { read, readFiles } from '../../fn/krm/read.ts';
import { FORMS } from './forms.ts';

function messagesOf(text: string): string[] {
  return read(text).problems.map(({ message }) => message);
}

describe.each(Object.entries(FORMS))('%s', (name, text) => {
  const { input, problems } = read(text);

  test('is read without a problem', () => {
    expect(problems).toEqual([]);
    expect(input.format).toBe(name.includes('ResourceList') ? 'ResourceList' : 'Documents');
  });

  test('gives its objects in their order', () => {
    expect(input.items.map((item) => identityOf(item))).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'space' },
      { apiVersion: 'v1', kind: 'Service', name: 'b', namespace: '' },
    ]);
  });

  test('gives texts that stand alone', () => {
    for (const item of input.items) {
      const [again] = read(textOf(item)).input.items;
      expect(again && valueOf(again)).toEqual(valueOf(item));
    }
  });
});

test('the functionConfig is an item of its own', () => {
  const { functionConfig } = read(FORMS['a block ResourceList'] ?? '').input;
  expect(functionConfig && textOf(functionConfig)).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config\n');
});

test.each(['', ' null', ' # none'])('a functionConfig of `%s` is none', (value) => {
  expect(read(`kind: ResourceList\nfunctionConfig:${value}\nitems: []\n`).input.functionConfig).toBeUndefined();
});

test.each(['', '\n\n', '---\n', '# only a comment\n', '---\n---\n...\n', 'null\n', '%YAML 1.1\n'])(
  '%j holds nothing and is no problem',
  (text) => {
    const { input, problems } = read(text);
    expect([input.items, problems]).toEqual([[], []]);
  },
);

test('nulls in a list are skipped', () => {
  const { input, problems } = read('kind: ResourceList\nitems:\n-\n- null\n- ~ # none\n- kind: A\n  apiVersion: v1\n');
  expect(problems).toEqual([]);
  expect(input.items.map((item) => identityOf(item)?.kind)).toEqual(['A']);
});

test('text of an item is dedented, block scalars and all', () => {
  const [item] = read('kind: ResourceList\nitems:\n  - kind: A # a\n\n    s: |2\n        x\n      y\n   # c\n').input
    .items;
  expect(item && textOf(item)).toBe('kind: A # a\n\ns: |2\n    x\n  y\n# c\n');
});

test('a document keeps the comments before it in its text', () => {
  const [item] = read('# a\n---\n# b\nkind: A\n').input.items;
  expect(item && textOf(item)).toBe('# b\nkind: A\n');
});

test('an alias of another item is a problem of those who ask for its value alone', () => {
  const { input, problems } = read(
    'kind: ResourceList\nitems:\n- apiVersion: v1\n  kind: A\n  x: &x 1\n- apiVersion: v1\n  kind: B\n  y: *x\n',
  );
  expect(problems).toEqual([]);
  expect(input.items.map((item) => identityOf(item)?.kind)).toEqual(['A', 'B']);
  expect(() => input.items.map(valueOf)).toThrow(
    'line 8, column 6: the alias *x has no anchor before it in the same object',
  );
});

describe('a file', () => {
  const files = [
    { path: 'a.yaml', text: 'kind: A\n---\nkind: B\n' },
    { path: 'dir/b.json', text: '{"kind": "C"}' },
  ];

  test('is named by the items it holds, with their position', () => {
    expect(readFiles(files).input.items.map(fileOf)).toEqual([
      { path: 'a.yaml', index: 0 },
      { path: 'a.yaml', index: 1 },
      { path: 'dir/b.json', index: 0 },
    ]);
  });

  test('is named by its problems', () => {
    const [problem] = readFiles([...files, { path: 'c.yaml', text: 'kind: A\n---\n{' }]).problems;
    expect(problem).toMatchObject({ code: 'UnreadableInput', severity: 'warning', file: { path: 'c.yaml', index: 1 } });
  });

  test('must not hold a ResourceList', () => {
    const { input, problems } = readFiles([{ path: 'list.yaml', text: FORMS['a block ResourceList'] ?? '' }]);
    expect(input.format).toBe('Documents');
    expect(problems.map(({ message }) => message)).toEqual([
      'line 1, column 1: a ResourceList must be the only document of standard input',
    ]);
  });
});

test('no files at all are no input', () => {
  expect(readFiles([]).input.items).toEqual([]);
});

const PATH = 'internal.config.kubernetes.io/path';

test.each([
  [
    'the current annotations',
    `${PATH}: a/b.yaml\n    internal.config.kubernetes.io/index: '2'`,
    { path: 'a/b.yaml', index: 2 },
  ],
  [
    'the legacy annotations',
    "config.kubernetes.io/path: 'b.yaml'\n    config.kubernetes.io/index: '1'",
    { path: 'b.yaml', index: 1 },
  ],
  ['a path alone', `${PATH}: c.yaml`, { path: 'c.yaml', index: 0 }],
  ['an index that is none', `${PATH}: c.yaml\n    config.kubernetes.io/index: x`, { path: 'c.yaml', index: 0 }],
  ['no path', "note: 'about config.kubernetes.io/path'", undefined],
])('the file of an item is told by %s', (_name, annotations, file) => {
  const [item] = read(`kind: A\nmetadata:\n  annotations:\n    ${annotations}\n`).input.items;
  expect(item && fileOf(item)).toEqual(file);
});

test('objects of two versions of one group are the same', () => {
  const [a, b] = ['apps/v1', 'apps/v1beta1'].map((apiVersion) =>
    identityKey({ apiVersion, kind: 'Deployment', name: 'n', namespace: 's' }),
  );
  expect(a).toBe(b);
  expect(a).toBe('apps/Deployment/s/n');
});

describe('what cannot be read', () => {
  test.each([
    ['a scalar', 'hello\n', 'line 1, column 1: must be an object, but is the text "hello"'],
    ['a list', '- kind: A\n', 'line 1, column 1: must be an object, but is a list'],
    [
      'a number in a list',
      'kind: ResourceList\nitems:\n- kind: A\n- 5\n',
      'line 4, column 3: must be an object, but is the number 5',
    ],
    [
      'an open quote',
      'kind: "A\n',
      'line 1, column 7: a text in quotes must end with a quote: kubectl will reject it; it is passed through unchanged',
    ],
    [
      'a tab',
      'metadata:\n\tname: a\n',
      'line 2, column 1: tabs must not be used as indentation: kubectl will reject it; it is passed through unchanged',
    ],
    ['items that are a map', 'kind: ResourceList\nitems: {a: b}\n', 'line 2, column 8: `items` must be a list'],
    [
      'a list beside its key',
      'kind: ResourceList\nitems: - a: b\n',
      'line 2, column 8: `items` must begin on the line below its key',
    ],
    [
      'results that are text',
      'kind: ResourceList\nitems: []\nresults: x\n',
      'line 3, column 10: `results` must be a list',
    ],
    [
      'a functionConfig of text',
      'kind: ResourceList\nfunctionConfig: x\n',
      'line 2, column 17: must be an object, but is the text "x"',
    ],
    [
      'items twice',
      'kind: ResourceList\nitems: []\nitems: []\n',
      'line 3, column 1: the key "items" must not stand twice in one map',
    ],
    [
      'a list with broken text behind its elements',
      'apiVersion: v1\nkind: List\nitems:\n- kind: A\n  apiVersion: v1\n"b": c\n  d: e\n',
      'line 7, column 4: a text with a colon and a space in it must be in quotes, and a map must begin on a separate line',
    ],
    [
      'a list with broken text before its elements',
      'apiVersion: v1\nkind: List\nmetadata:\n  a: b: c\nitems:\n- kind: A\n  apiVersion: v1\n',
      'line 4, column 7: a text with a colon and a space in it must be in quotes, and a map must begin on a separate line',
    ],
    [
      'a ResourceList among documents',
      'kind: A\n---\nkind: ResourceList\nitems: []\n',
      'line 3, column 1: a ResourceList must be the only document of standard input',
    ],
    [
      'a NUL',
      'kind: A\nb: "\0"\n',
      'line 2, column 5: must not hold the character U+0000: kubectl will reject it; it is passed through unchanged',
    ],
    [
      'a control character in an object that is named by its lines',
      'apiVersion: v1\nkind: A\nmetadata: {name: b}\ndata: "\u001b[0m"\n',
      'line 4, column 8: must not hold the character U+001B: kubectl will reject it; it is passed through unchanged',
    ],
    [
      'a control character in a comment before it',
      'a: b\n---\n# \u0007\napiVersion: v1\nkind: A\n',
      'line 3, column 3: must not hold the character U+0007: kubectl will reject it; it is passed through unchanged',
    ],
    [
      'a control character in an object of ours',
      'apiVersion: gatewaynetwork.dev/v1alpha1\nkind: A\n# \u007f\n',
      'line 3, column 3: must not hold the character U+007F',
    ],
    [
      'half a surrogate pair',
      'kind: A\nb: "\ud800"\n',
      'line 2, column 5: the input must not hold the character U+D800',
    ],
    [
      'an empty key',
      'kind: A\n~: b\n',
      'line 2, column 1: a key must not be empty: kubectl will reject it; it is passed through unchanged',
    ],
  ])('%s is a problem with its place', (_name, text, message) => {
    expect(messagesOf(text)).toEqual([message]);
  });

  test('of JSON is none for a character that JSON may hold', () => {
    expect(messagesOf('{"apiVersion": "v1", "kind": "A", "b": "\u007f"}')).toEqual([]);
  });

  test('of a stream is a problem for each broken document', () => {
    expect(messagesOf('a: b: c\n---\nkind: A\n---\n{\n---\n"x\n')).toHaveLength(3);
  });

  test.each(['example.com/v1', '{a: b}', '5'])('a ResourceList of version %s is not supported', (version) => {
    const { input, problems } = read(`kind: ResourceList\napiVersion: ${version}\nitems: []\n`);
    expect(problems.map(({ code }) => code)).toEqual(['UnsupportedVersion']);
    expect(input.format).toBe('Documents');
  });

  test.each(['config.kubernetes.io/v2', 'v1', '"config.kubernetes.io/v1beta1" # old', ''])(
    'a ResourceList of version `%s` is read',
    (version) => {
      expect(messagesOf(`kind: ResourceList\napiVersion: ${version}\nitems: []\n`)).toEqual([]);
    },
  );
});
