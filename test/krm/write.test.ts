import { describe, expect, test } from 'vitest';
import { read, readFiles } from '../../fn/krm/read.ts';
import { write } from '../../fn/krm/write.ts';
import { FORMS } from './forms.ts';
import { ADDED, PROBLEM, rewrite } from './rewrite.ts';

describe.each(Object.entries(FORMS))('%s', (_name, text) => {
  test('leaves as it came, except for the version', () => {
    expect(rewrite(text, {})).toBe(text.replace(/kubernetes\.io\/v1(?:alpha|beta)1/, 'kubernetes.io/v1'));
  });

  test('takes an object behind its last one', () => {
    const kinds = read(rewrite(text, { added: ADDED })).input.items.map((item) =>
      item.source.text.slice(item.start, item.end),
    );
    expect(kinds).toHaveLength(3);
    expect(kinds[2]).toMatch(/"?kind"?: ?"?Added/);
  });
});

describe('an object is added', () => {
  const element = '- kind: Added\n  metadata:\n    name: x\n';
  const json = '{"kind":"Added","metadata":{"name":"x"}}';
  test.each([
    [
      'behind elements at any indentation',
      'items:\n   -  kind: A\n',
      `items:\n   -  kind: A\n${element.replaceAll(/^/gm, '   ').trimEnd()}\n`,
    ],
    ['behind a line that does not end', 'items:\n- kind: A', `items:\n- kind: A\n${element}`],
    ['before the end of the document', 'items:\n- kind: A\n...\n', `items:\n- kind: A\n${element}...\n`],
    [
      'before what follows the list',
      'items:\n- kind: A\n# about x\nx: y\n',
      `items:\n- kind: A\n${element}# about x\nx: y\n`,
    ],
    [
      'behind blank lines that a block scalar keeps',
      'items:\n- kind: |+\n    A\n\n\nx: y\n',
      `items:\n- kind: |+\n    A\n\n\n${element}x: y\n`,
    ],
    ['to an empty list', 'items: [] # none\nx: y\n', `items: # none\n${element}x: y\n`],
    ['to a null', 'items: null\nx: y\n', `items:\n${element}x: y\n`],
    ['to a key without a value', 'items:\n# comment\nx: y\n', `items:\n${element}# comment\nx: y\n`],
    ['to a key at the end', 'items:', `items:\n${element}`],
    ['where there is no such key', 'x: y', `x: y\nitems:\n${element}`],
    [
      'with the line ends of the file',
      'items:\r\n- kind: A\r\n',
      `items:\r\n- kind: A\r\n${element.replaceAll('\n', '\r\n')}`,
    ],
    ['in brackets', 'items: [{kind: A}]\n', `items: [{kind: A}, ${json}]\n`],
    [
      'before a comma at the end',
      'items: [\n  {kind: A}, # a\n]\n',
      `items: [\n  {kind: A},\n  ${JSON.stringify(ADDED[0], null, 2).replaceAll('\n', '\n  ')}, # a\n]\n`,
    ],
  ])('%s', (_name, before, after) => {
    const head = before.includes('\r')
      ? 'apiVersion: config.kubernetes.io/v1\r\nkind: ResourceList\r\n'
      : 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n';
    expect(rewrite(head + before, { added: ADDED })).toBe(head + after);
  });

  test.each([
    ['to JSON on one line', '"items":[{"kind":"A"}]}', `"items":[{"kind":"A"}, ${json}]}`],
    ['to an empty JSON list', '"items":[]}', `"items": [${json}]}`],
    ['to a JSON null', '"items":null }', `"items": [${json}] }`],
    ['to JSON without items', '"x":{}}', `"x":{}, "items": [${json}]}`],
    ['to braces without items', 'x: {}, }', `x: {}, "items": [${json}], }`],
  ])('%s', (_name, before, after) => {
    const head = '{"apiVersion":"config.kubernetes.io/v1","kind":"ResourceList", ';
    expect(rewrite(head + before, { added: ADDED })).toBe(head + after);
  });

  test('to JSON in lines of its own', () => {
    const list = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items: [{ kind: 'A' }] };
    const text = JSON.stringify(list, null, 2);
    expect(rewrite(text, { added: ADDED })).toBe(
      JSON.stringify({ ...list, items: [...list.items, ...ADDED] }, null, 2),
    );
  });

  test.each([
    ['a stream', 'kind: A\n', 'kind: A\n---\nkind: Added\nmetadata:\n  name: x\n'],
    ['a stream that does not end its line', 'kind: A', 'kind: A\n---\nkind: Added\nmetadata:\n  name: x\n'],
    ['a stream that ends its document', 'kind: A\n...\n', 'kind: A\n...\n---\nkind: Added\nmetadata:\n  name: x\n'],
    ['nothing', '', 'kind: Added\nmetadata:\n  name: x\n'],
    [
      'a JSON object',
      '{"kind": "A"}',
      `{"kind": "A"}\n---\n${json}\n`.replace(json, JSON.stringify(ADDED[0], null, 2)),
    ],
    [
      'a List',
      'apiVersion: v1\nkind: List\nitems:\n- kind: A\n',
      `apiVersion: v1\nkind: List\nitems:\n- kind: A\n${element}`,
    ],
  ])('to %s', (_name, before, after) => {
    expect(rewrite(before, { added: ADDED })).toBe(after);
  });
});

describe('the first object', () => {
  const head = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:';
  const now = 'kind: New\nscript: |\n  a\n\n  b\n';
  const json = '{"kind":"New","script":"a\\n\\nb\\n"}';
  test.each([
    ['leaves with its comments', `${head}\n# a\n- kind: A\n\n# b\n- kind: B\n`, undefined, `${head}\n# b\n- kind: B\n`],
    ['leaves an empty list', `${head} # all\n- kind: A\nx: y\n`, undefined, `${head} [] # all\nx: y\n`],
    ['leaves brackets', `${head} [{kind: A}, {kind: B}]\n`, undefined, `${head} [{kind: B}]\n`],
    ['leaves empty brackets', `${head} [ {kind: A}, ]\n`, undefined, `${head} []\n`],
    ['leaves nulls where they are', `${head} [null, {kind: A}]\n`, undefined, `${head} [null]\n`],
    ['leaves a stream', 'kind: A\n---\nkind: B\n', undefined, '---\nkind: B\n'],
    ['leaves with the dots that close it', 'kind: A\n...\n---\nkind: B\n', undefined, '---\nkind: B\n'],
    ['leaves before a document without dashes', 'kind: A\n...\nkind: B\n', undefined, 'kind: B\n'],
    [
      'leaves with its directives',
      '%YAML 1.1\n---\nkind: A\n...\n%YAML 1.1\n---\nkind: B\n',
      undefined,
      '%YAML 1.1\n---\nkind: B\n',
    ],
    [
      'changes under its comments',
      `${head}\n  # a\n  - kind: A\n  - kind: B\n`,
      now,
      `${head}\n  # a\n  - kind: New\n    script: |\n      a\n\n      b\n  - kind: B\n`,
    ],
    ['changes in brackets', `${head} [{kind: A}]\n`, now, `${head} [${json}]\n`],
    ['changes in braces to braces', `${head} [{kind: A}]\n`, '{kind: New}', `${head} [{kind: New}]\n`],
    ['changes to JSON where it was JSON', '{"kind": "A"}\n', now, `${json}\n`],
    ['changes to tall JSON where it was tall', '{\n  "kind": "A"\n}', 'kind: New\n', '{\n  "kind": "New"\n}'],
    ['changes below the line of three dashes', '--- {kind: A}\n', 'kind: New\nx: y\n', '--- \nkind: New\nx: y\n'],
    [
      'changes with the line ends of the file',
      'kind: A\r\n---\r\nkind: B\r\n',
      'kind: New\nx: y\n',
      'kind: New\r\nx: y\r\n---\r\nkind: B\r\n',
    ],
  ])('%s', (_name, before, first, after) => {
    expect(rewrite(before, { first })).toBe(after);
  });
});

test.each(['"', 'kind: ResourceList\nitems: x\n', '\0', 'kind: ResourceList\napiVersion: a/v1\nitems: [\n {kind: A}]'])(
  'what cannot be read leaves as it came: %j',
  (text) => {
    expect(rewrite(text, { problems: [PROBLEM] })).toBe(text);
  },
);

test('files become one stream', () => {
  const { input } = readFiles([
    { path: 'a.yaml', text: '# a\nkind: A' },
    { path: 'b.yaml', text: '\n' },
    { path: 'c.yaml', text: '\uFEFF---\nkind: C\n' },
    { path: 'd.yaml', text: '%YAML 1.1\n---\nkind: D\n' },
  ]);
  expect(write(input, { edited: new Map(), added: ADDED }, [])).toBe(
    '# a\nkind: A\n---\nkind: C\n...\n%YAML 1.1\n---\nkind: D\n---\nkind: Added\nmetadata:\n  name: x\n',
  );
});
