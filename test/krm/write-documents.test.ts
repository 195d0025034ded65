import { expect, test } from 'vitest';
import type { Item } from '../../fn/krm/item.ts';
import { read } from '../../fn/krm/read.ts';
import { writeDocuments } from '../../fn/krm/write.ts';
import { FORMS } from './forms.ts';

function documents(text: string, edited: ReadonlyMap<Item, string | undefined> = new Map()): string {
  return writeDocuments(read(text).input, { edited, added: [] });
}

function listOf(item: string): string {
  return `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${item}`;
}

test('a ResourceList becomes documents without the annotations of the orchestrator', () => {
  expect(documents(FORMS['a block ResourceList'] ?? '')).toBe(`# the first
apiVersion: v1
kind: ConfigMap
metadata:
  name: a # short
  namespace: "space"
data:
  mode: 0755
  script: |
    ---
    - x
---
apiVersion: v1
kind: Service
metadata:
  name: b
`);
});

test('a stream keeps its comments and loses what stands between documents', () => {
  expect(documents(FORMS['a stream'] ?? '')).toBe(`# licence
# Source: chart
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: space
---
apiVersion: v1
kind: Service
metadata:
  name: b
`);
});

test('an element of a list that cannot be read is not repaired by its new indentation', () => {
  const text =
    'apiVersion: v1\nkind: List\nitems:\n-  apiVersion: v1\n   kind: A\n  b: c\n- apiVersion: v1\n  kind: B\n';
  expect(documents(text)).toBe('   apiVersion: v1\n   kind: A\n  b: c\n---\napiVersion: v1\nkind: B\n');
});

test.each([
  '\tapiVersion: v1\nkind: A\n',
  '  \tapiVersion: v1\n  kind: A\n',
  '  apiVersion: v1\n kind: A\n',
  '# c\n  apiVersion: v1\n  \tkind: A\n',
])('%j, which nobody can read, comes out as it came in', (text) => {
  expect(documents(text)).toBe(text);
  expect(documents(`a: b\n---\n${text}`)).toBe(`a: b\n---\n${text}`);
});

test('JSON objects one behind the other are documents', () => {
  const [a, b] = ['{"apiVersion":"v1","kind":"A","x":"}{"}', '{\n  "apiVersion": "v1",\n  "kind": "B"\n}'];
  expect(documents(`${a}\n${b}${a}\n---\nkind: C\napiVersion: v1\n`)).toBe(
    [`${a}\n`, `${b}\n`, `${a}\n`, 'kind: C\napiVersion: v1\n'].join('---\n'),
  );
  expect(documents(`${a}\n{b}\n`)).toBe(`${a}\n{b}\n`);
});

test('an alias of another element of a list says what its anchor says there', () => {
  const [one, other] = [
    'apiVersion: v1\nkind: A\nlabels: &l {a: "1", b: [x, 0755]}\nname: &n on\n',
    'apiVersion: v1\nkind: B\nlabels: *l\nall: {<<: *l, c: *n , own: &o d, again: *o}\n',
  ];
  const items = [one, other].map((text) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`).join('');
  expect(documents(`apiVersion: v1\nkind: List\nitems:\n${items}`)).toBe(
    `${one}---\n${other.replaceAll('*l', '{"a":"1","b":["x",493]}').replace('*n', 'true')}`,
  );
});

test('a list in a list is taken apart as well', () => {
  const inner = '- apiVersion: v1\n    kind: B\n  - apiVersion: v1\n    kind: C\n';
  const text = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A\n- apiVersion: v1\n  kind: List\n  items:\n  ${inner}- apiVersion: v1\n  kind: D\n`;
  const objects = ['A', 'B', 'C', 'D'].map((kind) => `apiVersion: v1\nkind: ${kind}\n`);
  expect(documents(text)).toBe(objects.join('---\n'));
  const json =
    '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"ConfigMapList","items":[{"apiVersion":"v1","kind":"A"}]}]}';
  expect(documents(json)).toBe('{"apiVersion":"v1","kind":"A"}\n');
});

test('JSON elements become JSON documents of the same spelling', () => {
  expect(documents(FORMS['a JSON ResourceList'] ?? '')).toContain(
    '---\n{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "b"}, "n": 12345678901234567890}\n',
  );
});

test.each([
  ['a GatewayNetwork', 'apiVersion: gatewaynetwork.dev/v1alpha1\nkind: GatewayNetwork\nmetadata:\n  name: x\n', false],
  ['a GatewayNetwork of a later version', '{apiVersion: gatewaynetwork.dev/v2, kind: GatewayNetwork}\n', false],
  ['a GatewayNetwork of another group', 'apiVersion: example.com/v1\nkind: GatewayNetwork\n', true],
  ['a local object', 'kind: A\nmetadata: {annotations: {config.kubernetes.io/local-config: "true"}}\n', false],
  [
    'an object that is local by any word',
    'kind: A\nmetadata: {annotations: {config.kubernetes.io/local-config: x}}\n',
    false,
  ],
  [
    'an object that is not local',
    'kind: A\nmetadata: {annotations: {config.kubernetes.io/local-config: "false"}}\n',
    true,
  ],
  ['an object that speaks of local ones', 'kind: A\ndata: {a: config.kubernetes.io/local-config}\n', true],
])('%s is %s', (_name, text, isKept) => {
  expect(documents(`kind: First\n---\n${text}`)).toBe(isKept ? `kind: First\n---\n${text}` : 'kind: First\n');
});

test.each([
  [
    'beside others',
    'metadata:\n  annotations:\n    a: b # c\n    config.kubernetes.io/index: "0"\n    d: e\n',
    'metadata:\n  annotations:\n    a: b # c\n    d: e\n',
  ],
  ['alone', 'metadata:\n  annotations:\n    config.k8s.io/id: "1"\n  name: a\n', 'metadata:\n  name: a\n'],
  [
    'in braces',
    'metadata: {name: a, annotations: {config.kubernetes.io/path: x, b: c}}\n',
    'metadata: {name: a, annotations: {b: c}}\n',
  ],
  [
    'as unquoted numbers',
    'metadata:\n  name: a\n  annotations:\n    config.kubernetes.io/index: 0\n',
    'metadata:\n  name: a\n',
  ],
  [
    'of kustomize',
    "metadata:\n  annotations:\n    a: 'b'\n    kustomize.config.k8s.io/id: |\n      x\n",
    "metadata:\n  annotations:\n    a: 'b'\n",
  ],
  [
    'in a template',
    'spec:\n  metadata:\n    annotations:\n      config.kubernetes.io/path: x\n',
    'spec:\n  metadata:\n    annotations:\n      config.kubernetes.io/path: x\n',
  ],
  [
    'shared by an anchor',
    'metadata:\n  annotations: &a\n    config.kubernetes.io/path: x\nspec: *a\n',
    'metadata:\n  annotations: &a\n    config.kubernetes.io/path: x\nspec: *a\n',
  ],
])('annotations of the orchestrator %s', (_name, before, after) => {
  expect(documents(`kind: A\n${before}`)).toBe(`kind: A\n${after}`);
});

test('a note on another annotation stays when the one above it goes', () => {
  const text = 'kind: A\nmetadata:\n  annotations:\n    config.kubernetes.io/path: x\n    # about b\n    b: c\n';
  expect(documents(text)).toContain('    # about b\n    b: c\n');
  expect(documents(text)).not.toContain('path');
});

test('new texts are written, and what is removed is not', () => {
  const { input } = read('kind: A\n---\nkind: B\n---\nkind: C');
  const [a, b] = input.items as [Item, Item];
  const edited = new Map([
    [a, 'kind: New\nmetadata:\n  annotations:\n    config.kubernetes.io/path: x\n  name: n\n'],
    [b, undefined],
  ]);
  expect(writeDocuments(input, { edited, added: [] })).toBe('kind: New\nmetadata:\n  name: n\n---\nkind: C\n');
});

test('added objects lose the annotations of the orchestrator, too', () => {
  const path = { 'internal.config.kubernetes.io/path': 'x.yaml' };
  const added = [
    { kind: 'A', metadata: { name: 'a', annotations: path } },
    { kind: 'B', metadata: { name: 'b', annotations: { ...path, c: 'd' } } },
  ];
  expect(writeDocuments(read('').input, { edited: new Map(), added })).toBe(
    'kind: A\nmetadata:\n  name: a\n---\nkind: B\nmetadata:\n  name: b\n  annotations:\n    c: d\n',
  );
});

test('a block scalar that ends an element keeps its blank lines', () => {
  expect(documents(listOf('  - kind: A\n    s: |+\n      x\n\n\n  # b\n  - kind: B\n'))).toBe(
    'kind: A\ns: |+\n  x\n\n\n---\n# b\nkind: B\n',
  );
});

test('nothing for the cluster is nothing', () => {
  expect(documents('apiVersion: gatewaynetwork.dev/v1alpha1\nkind: GatewayNetwork\n')).toBe('');
});
