import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../fn/krm/input.ts';
import { parse } from '../../fn/yaml/parse.ts';
import { changed, rewrite } from '../../fn/ownership/update.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n';

function wanted(fields: object, metadata: object = {}): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', ...metadata }, ...fields };
}

/** The text that an object has after a run, and whether comments are gone. */
function update(text: string, object: KubernetesObject) {
  const current = parse(text).value;
  const target = changed(current, object);
  return target === undefined ? { text, losesComments: false } : rewrite(text, current, target);
}

const SPELLINGS: readonly [string, string, object][] = [
  ['quotes', `${HEAD}data: {"a": 'b', c: "on"}\n`, { data: { a: 'b', c: 'on' } }],
  ['the order of keys', `kind: ConfigMap\nmetadata: {name: x}\nm: 1\napiVersion: v1\n`, { m: 1 }],
  ['folded text', `${HEAD}data:\n  a: >-\n    b\n    c\n`, { data: { a: 'b c' } }],
  ['anchors', `${HEAD}a: &a {b: c}\nd: *a\n`, { a: { b: 'c' }, d: { b: 'c' } }],
  ['other numerals', `${HEAD}mode: 0755\n`, { mode: 493 }],
  ['JSON', '{"kind":"ConfigMap", "apiVersion":"v1","metadata":{"name":"x"},"n":1e0}', { n: 1 }],
  ['annotations of the orchestrator', `${HEAD}  annotations:\n    internal.config.kubernetes.io/path: a/b.yaml\n`, {}],
  [
    'annotations and labels of others',
    `${HEAD}  annotations: {argocd.argoproj.io/sync-wave: "1"}\n  labels: {a: b}\n`,
    {},
  ],
];

test.each(SPELLINGS)('a text that says what is wanted stays as it is: %s', (_, text, fields) => {
  expect(update(text, wanted(fields)).text).toBe(text);
});

const CHANGES: readonly [string, string, string, KubernetesObject][] = [
  [
    'all of it, and nothing around it',
    `# a\n${HEAD}data: {k: 'v'}\nz: "on"\n# b\n`,
    `# a\n${HEAD}data:\n  k: w\nz: "on"\n# b\n`,
    wanted({ z: 'on', data: { k: 'w' } }),
  ],
  [
    'in the order of the keys that are there',
    `kind: ConfigMap\napiVersion: v1\nb: 1\nmetadata:\n  name: x\nl:\n- {d: 1, c: 2}\n`,
    `kind: ConfigMap\napiVersion: v1\nb: 2\nmetadata:\n  name: x\nl:\n- d: 1\n  c: 3\na: 1\n`,
    wanted({ a: 1, b: 2, l: [{ c: 3, d: 1 }] }),
  ],
  [
    'with lists indented as those that are there',
    `${HEAD}a:\n  - b\nc: 1\n`,
    `${HEAD}a:\n  - b\nc:\n  - d\n`,
    wanted({ a: ['b'], c: ['d'] }),
  ],
  [
    'in the indentation of the file',
    'kind: ConfigMap\napiVersion: v1\nmetadata:\n    name: x\n',
    'kind: ConfigMap\napiVersion: v1\nmetadata:\n    name: x\ndata:\n    a:\n        b: c\n',
    wanted({ data: { a: { b: 'c' } } }),
  ],
  [
    'what only we set',
    `${HEAD}  labels:\n    app.kubernetes.io/old: x\n    gatewaynetwork.dev/old: x\n    team: net\n`,
    `${HEAD}  labels:\n    team: net\n    gatewaynetwork.dev/network: vpn\n`,
    wanted({}, { labels: { 'gatewaynetwork.dev/network': 'vpn' } }),
  ],
  [
    'JSON with its indentation and order',
    '{\n\t"metadata": {\n\t\t"name": "x"\n\t},\n\t"n": 1\n}\n',
    '{\n\t"metadata": {\n\t\t"name": "x"\n\t},\n\t"n": 2,\n\t"apiVersion": "v1",\n\t"kind": "ConfigMap"\n}\n',
    wanted({ n: 2 }),
  ],
  [
    'a literal block without a line end',
    `${HEAD}env:\n- name: a\n  value: |\n    one`,
    `${HEAD}env:\n- name: a\n  value: one\n- name: b`,
    wanted({ env: [{ name: 'a', value: 'one' }, { name: 'b' }] }),
  ],
  [
    'with CRLF',
    `${HEAD}a: 1`.replaceAll('\n', '\r\n'),
    `${HEAD}a: 1\nb: |\n  c\n  d\n`.replaceAll('\n', '\r\n'),
    wanted({ a: 1, b: 'c\nd\n' }),
  ],
  [
    'aliases, which are written out',
    `# c\n${HEAD}a: &a [b]\nc: *a\n`,
    `# c\n${HEAD}a:\n- b\nc:\n- d\n`,
    wanted({ a: ['b'], c: ['d'] }),
  ],
  ['a value that YAML 1.1 would take for another type', `${HEAD}a: on\n`, `${HEAD}a: "on"\n`, wanted({ a: 'on' })],
];

describe('an update writes', () => {
  test.each(CHANGES)('%s', (_, before, after, object) => {
    expect(update(before, object).text).toBe(after);
    expect(update(after, object)).toEqual({ text: after, losesComments: false });
  });
});

test.each([
  [`${HEAD}data: {} # c\n`, true],
  [`${HEAD}# c\ndata: {}\n`, true],
  [`${HEAD}data: | # c\n  text\n`, true],
  [`${HEAD}data: [a, # c\n  b]\n`, true],
  [`${HEAD}data: |\n  # no comment\n`, false],
  [`${HEAD}data: "a # b"\n`, false],
  [`${HEAD}data: a#b\n`, false],
])('comments that are lost are told: %j', (text, losesComments) => {
  expect(update(text, wanted({ data: 1 }))).toEqual({ text: `${HEAD}data: 1\n`, losesComments });
  expect(update(text, parse(text).value as KubernetesObject).text).toBe(text);
});

test('an update of what cannot be read is refused', () => {
  expect(() => rewrite('a: [', {}, { a: 1 })).toThrow(
    expect.objectContaining({ name: 'NotEditable', reason: 'Unreadable' }),
  );
});
