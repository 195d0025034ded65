import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../fn/krm/input.ts';
import { update } from '../../fn/krm/update.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n';

function wanted(fields: object, metadata: object = {}): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', ...metadata }, ...fields };
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
  expect(update(text, wanted(fields))).toBe(text);
});

const CHANGES: readonly [string, string, string, KubernetesObject][] = [
  [
    'a scalar, not its neighbours',
    `# a\n${HEAD}data: # b\n  # c\n  k: 'v' # d\n  m: "old" # e\n`,
    `# a\n${HEAD}data: # b\n  # c\n  k: 'v' # d\n  m: new # e\n`,
    wanted({ data: { k: 'v', m: 'new' } }),
  ],
  [
    'a new key behind the one it follows',
    `${HEAD}data:\n  a: a\n  c: c\n`,
    `${HEAD}data:\n  a: a\n  b: b\n  c: c\n`,
    wanted({ data: { a: 'a', b: 'b', c: 'c' } }),
  ],
  [
    'a new key before all others',
    `${HEAD}data:\n  # b\n  b: b\n`,
    `${HEAD}data:\n  # b\n  a: a\n  b: b\n`,
    wanted({ data: { a: 'a', b: 'b' } }),
  ],
  [
    'a key that is not wanted',
    `${HEAD}data:\n  a: a\n  # b\n  b: b # gone\n  c: c\n`,
    `${HEAD}data:\n  a: a\n  # b\n  c: c\n`,
    wanted({ data: { a: 'a', c: 'c' } }),
  ],
  [
    'a string to a literal block',
    `${HEAD}data:\n  a: old # c\n  b: b\n`,
    `${HEAD}data:\n  a: | # c\n    one\n\n    two\n  b: b\n`,
    wanted({ data: { a: 'one\n\ntwo\n', b: 'b' } }),
  ],
  [
    'a literal block to another',
    `${HEAD}data:\n  a: |- # c\n    old\n  b: b\n`,
    `${HEAD}data:\n  a: | # c\n    new\n    line\n  b: b\n`,
    wanted({ data: { a: 'new\nline\n', b: 'b' } }),
  ],
  [
    'a map to a scalar',
    `${HEAD}data: # c\n  a: a\nz: 1\n`,
    `${HEAD}data: null # c\nz: 1\n`,
    wanted({ data: null, z: 1 }),
  ],
  [
    'a scalar to a list',
    `${HEAD}data: 5 # c\n`,
    `${HEAD}data: # c\n- a\n- b: 1\n  c: []\n- - d\n`,
    wanted({ data: ['a', { b: 1, c: [] }, ['d']] }),
  ],
  [
    'lists indented as those that are there',
    `${HEAD}a:\n  - b\nc: 1\n`,
    `${HEAD}a:\n  - b\nc:\n  - d\n`,
    wanted({ a: ['b'], c: ['d'] }),
  ],
  [
    'the indentation of the file',
    'kind: ConfigMap\napiVersion: v1\nmetadata:\n    name: x\n',
    'kind: ConfigMap\napiVersion: v1\nmetadata:\n    name: x\ndata:\n    a:\n        b: c\n',
    wanted({ data: { a: { b: 'c' } } }),
  ],
  [
    'elements by name',
    `${HEAD}env:\n- name: a # a\n  value: 1\n- name: gone\n- name: b # b\n  value: 2\n`,
    `${HEAD}env:\n- name: new\n- name: a # a\n  value: 1\n- name: b # b\n  value: 3\n`,
    wanted({ env: [{ name: 'new' }, { name: 'a', value: 1 }, { name: 'b', value: 3 }] }),
  ],
  [
    'elements by value',
    `${HEAD}peers:\n- 10.0.0.1 # a\n- 10.0.0.2 # b\n`,
    `${HEAD}peers:\n- 10.0.0.2 # b\n- 10.0.0.3\n`,
    wanted({ peers: ['10.0.0.2', '10.0.0.3'] }),
  ],
  [
    'elements by position',
    `${HEAD}ports:\n- port: 53 # dns\n  protocol: UDP\n- port: 53\n`,
    `${HEAD}ports:\n- port: 53 # dns\n  protocol: TCP\n`,
    wanted({ ports: [{ protocol: 'TCP', port: 53 }] }),
  ],
  [
    'the first key of an element',
    `${HEAD}ports:\n- protocol: UDP\n  # c\n  port: 53\n`,
    `${HEAD}ports:\n- # c\n  port: 53\n`,
    wanted({ ports: [{ port: 53 }] }),
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
    'a value to a map that a literal block ends, not with the deeper comment below',
    `${HEAD}data: {}\n    # c\nz: 1\n`,
    `${HEAD}data:\n  b: |\n    one\n    two\nz: 1\n`,
    wanted({ data: { b: 'one\ntwo\n' }, z: 1 }),
  ],
  [
    'a value to a map, and the deeper comment below it stays',
    `${HEAD}data: {}\n    # c\nz: 1\n`,
    `${HEAD}data:\n  b: b\n    # c\nz: 1\n`,
    wanted({ data: { b: 'b' }, z: 1 }),
  ],
  [
    'a list behind a literal block without a line end',
    `${HEAD}env:\n- name: a\n  value: |\n    one`,
    `${HEAD}env:\n- name: a\n  value: one\n- name: b`,
    wanted({ env: [{ name: 'a', value: 'one' }, { name: 'b' }] }),
  ],
  [
    'CRLF',
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

describe('an update changes', () => {
  test.each(CHANGES)('%s', (_, before, after, object) => {
    expect(update(before, object)).toBe(after);
    expect(update(after, object)).toBe(after);
  });
});

test('an update of what cannot be read is refused', () => {
  expect(() => update('a: [', wanted({}))).toThrow(
    expect.objectContaining({ name: 'NotEditable', reason: 'Unreadable' }),
  );
});
