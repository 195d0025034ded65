import fc from 'fast-check';

/**
 * Parts of an object in the styles that a parse and print would change, or that a scan of lines
 * could take for something else.
 */
const PARTS = [
  'data:\n  mode: 0755\n  flag: on\n  time: 12:30\n  date: 2001-01-01\n  big: 12345678901234567890\n',
  'script: |\n  #!/bin/sh\n  ---\n  - not an item\n  kind: Fake\n\n  end\n',
  'keep: |+\n  text\n\n',
  'folded: >-\n  folded\n  text\n\n    more\n',
  'indicated: |2\n    two more\n  base\n',
  'anchored: &x {a: 1}\naliased: *x\n',
  'merging:\n  base: &b\n    k: v\n  use:\n    <<: *b\n',
  'flow: {a: [1, "two", three], b: {c: d}}\n',
  'tall: [\n  a, # comment\n  b\n  ]\n',
  'double: "esc \\u0041 \\" # no comment"\n',
  "single: 'it''s # fine'\n",
  'tabbed: a\tb\n',
  'dashes:\n- a\n- b: c\n  d: e\n-\n  f: g\n',
  'deep:\n  - - x\n    - y\n',
  'wrapped: plain text\n  goes on\n',
  'broken: "first\n\n  second"\n',
  '"quoted key": 1\n',
  '? explicit\n: value\n',
  'empty:\n',
  'unicode: "é ☃ 😀"\n',
  'spec:\n  metadata:\n    name: inner\n  kind: Inner\n',
  'tagged: !!str 12\n',
  '# comment\n',
  '# kind: Comment\n',
  '\n',
] as const;

const API_VERSIONS = [
  'apiVersion: v1\n',
  'apiVersion: apps/v1 # stable\n',
  "'apiVersion': 'v1'\n",
  'apiVersion: "v1"\n',
];
const KINDS = [
  'kind: ConfigMap\n',
  'kind: "Deployment"   \n',
  'kind:   Yes\n',
  'kind: !!str Pod\n',
  'kind: >-\n  Folded\n',
];
const NAMES = [
  'plain',
  'a.b-c',
  "'single'",
  '"double"',
  '"esc\\x61ped"',
  'a:b',
  '1e3',
  'on',
  '&n anchored',
  'x # c',
  '|-\n    x',
];

const metadata = fc
  .record({ name: fc.constantFrom(...NAMES), namespaced: fc.boolean(), style: fc.integer({ min: 0, max: 4 }) })
  .map(({ name, namespaced, style }) => {
    if (style === 0) return 'metadata: {name: flowing, namespace: "n"}\n';
    if (style === 1) return `metadata: # who\n\n  # comment\n  name: ${name}\n`;
    if (style === 2) return 'metadata:\n    annotations:\n        name: not-me\n    name: wide\n';
    if (style === 3) return '"metadata":\n  "name": quoted\n';
    return `metadata:\n  labels:\n    app: web\n  name: ${name}\n${namespaced ? '  namespace: space\n' : ''}`;
  });

const block = fc
  .record({
    apiVersion: fc.constantFrom(...API_VERSIONS),
    kind: fc.constantFrom(...KINDS),
    metadata,
    parts: fc.uniqueArray(fc.constantFrom(...PARTS), { maxLength: 6 }),
  })
  .chain(({ apiVersion, kind, metadata: meta, parts }) =>
    fc.shuffledSubarray([apiVersion, kind, meta, ...parts], { minLength: 3 + parts.length }),
  )
  .map((lines) => {
    // A comment cannot open an element of a list.
    const first = lines.findIndex((line) => /^['"\w]/.test(line));
    return [lines[first], ...lines.slice(0, first), ...lines.slice(first + 1)].join('');
  });

const value = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constantFrom('ConfigMap', 'Li\\st', 'x"y'),
  metadata: fc.record({ name: fc.string({ minLength: 1 }) }),
  data: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.string()))),
});

/** One object as JSON, on one line or on many, with a number that no double holds. */
export const jsonObject = fc
  .tuple(value, fc.constantFrom(0, 2, 4))
  .map(([object, indent]) =>
    JSON.stringify({ ...object, big: 0 }, null, indent).replace(/0(?=\s*}$)/, '12345678901234567890'),
  );

/** One object as flow-style YAML. */
const flowObject = fc.constantFrom(
  "{apiVersion: v1, kind: A, metadata: {name: 'x', labels: {on: yes}}}",
  '{ apiVersion: v1, "kind": B, mode: 0755, list: [a, {b: c}] }',
  '{apiVersion: v1, kind: C, # comment\n  metadata: {name: x}}',
);

/** One object in any style, its keys in the first column. */
export const yamlObject = fc.oneof(
  { weight: 6, arbitrary: block },
  { weight: 1, arbitrary: jsonObject },
  { weight: 1, arbitrary: flowObject },
);

export const inlineObject = fc.oneof(jsonObject, flowObject);

/** A text that came in, and the objects in it. */
export interface Sample {
  readonly text: string;
  readonly objects: readonly string[];
}

const comments = fc.constantFrom('', '', '# before\n', '\n# a\n\n# b\n');

function shift(text: string, column: number): string {
  return text.replaceAll(/\n(?=[^\n])/g, `\n${' '.repeat(column)}`);
}

/** A ResourceList in block style. */
export const blockList: fc.Arbitrary<Sample> = fc
  .record({
    objects: fc.array(fc.tuple(yamlObject, comments, fc.constantFrom('- ', '-   ')), { minLength: 1, maxLength: 5 }),
    column: fc.constantFrom(0, 2, 3),
    tail: fc.constantFrom(
      '',
      'functionConfig:\n  kind: X # x\n  apiVersion: v1\n',
      'results: []\n',
      '# end\n',
      'extra: |+\n  x\n\n',
    ),
    crlf: fc.boolean(),
  })
  .map(({ objects, column, tail, crlf }) => {
    const pad = ' '.repeat(column);
    const items = objects.map(([text, comment, dash]) => {
      const lines = shift(text, column + dash.length);
      return shift(`${pad}${comment}`, column).trimEnd() + `${comment === '' ? '' : '\n'}${pad}${dash}${lines}`;
    });
    const body = items.map((item) => (item.endsWith('\n') ? item : `${item}\n`)).join('');
    const text = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${body}${tail}`;
    return { text: crlf ? text.replaceAll('\n', '\r\n') : text, objects: objects.map(([own]) => own) };
  });

/** A stream of documents. */
export const stream: fc.Arbitrary<Sample> = fc
  .record({
    objects: fc.array(
      fc.tuple(yamlObject, fc.constantFrom('---\n', '---\n# c\n', '--- # c\n', '...\n---\n', '---\n---\n')),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
    head: fc.constantFrom('', '\uFEFF', '# head\n', '%YAML 1.1\n---\n'),
    crlf: fc.boolean(),
  })
  .map(({ objects, head, crlf }) => {
    const documents = objects.map(([text, separator]) => `${separator}${text.endsWith('\n') ? text : `${text}\n`}`);
    const text = head + documents.join('');
    return { text: crlf ? text.replaceAll('\n', '\r\n') : text, objects: objects.map(([own]) => own) };
  });

/** A ResourceList or a List in JSON. */
export const jsonList: fc.Arbitrary<Sample> = fc
  .record({
    objects: fc.array(jsonObject, { maxLength: 4 }),
    tall: fc.boolean(),
    kind: fc.constantFrom('ResourceList', 'List'),
  })
  .map(({ objects, tall, kind }) => {
    const apiVersion = kind === 'List' ? 'v1' : 'config.kubernetes.io/v1';
    const items = tall ? objects.map((object) => `\n    ${shift(object, 4)}`).join(',') : objects.join(', ');
    const open = tall ? '{\n  ' : '{';
    return { text: `${open}"apiVersion": "${apiVersion}", "kind": "${kind}", "items": [${items}]}\n`, objects };
  });

/** A block-style ResourceList whose items stand in brackets. */
export const flowList: fc.Arbitrary<Sample> = fc
  .record({ objects: fc.array(inlineObject, { maxLength: 4 }), tall: fc.boolean(), comma: fc.boolean() })
  .map(({ objects, tall, comma }) => {
    const elements = objects.map((object) => shift(tall ? `\n${object}` : object, 2)).join(', ');
    const items = `[${elements}${comma && objects.length > 0 ? ',' : ''} ]`;
    return { text: `apiVersion: config.kubernetes.io/v1\nitems: ${items} # all\nkind: ResourceList\n`, objects };
  });
