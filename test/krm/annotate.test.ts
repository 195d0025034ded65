import { describe, expect, test } from 'vitest';
import { setAnnotation } from '../../fn/krm/annotate.ts';

const KEY = 'example.com/note';
const POD = ['metadata'];
const TEMPLATE = ['spec', 'template', 'metadata'];

/** Text before, text after, and what is set; the text after is given back its first form by deleting. */
const SET_AND_DELETED: readonly [string, string, string, string[]?][] = [
  [
    'a map gains an entry',
    'metadata:\n  annotations:\n    a: b\n',
    'metadata:\n  annotations:\n    a: b\n    example.com/note: v\n',
  ],
  [
    'annotations are made',
    'metadata:\n  name: x # c\nspec: 0755\n',
    'metadata:\n  name: x # c\n  annotations:\n    example.com/note: v\nspec: 0755\n',
  ],
  ['metadata is made', 'kind: Pod\n', 'kind: Pod\nmetadata:\n  annotations:\n    example.com/note: v\n'],
  [
    'the indentation of the file is kept',
    'kind: Pod\nmetadata:\n    name: x\n',
    'kind: Pod\nmetadata:\n    name: x\n    annotations:\n        example.com/note: v\n',
  ],
  [
    'a text without a final line end',
    'metadata:\n  name: x',
    'metadata:\n  name: x\n  annotations:\n    example.com/note: v',
  ],
  [
    'CRLF',
    'metadata:\r\n  name: x\r\nspec: on\r\n',
    'metadata:\r\n  name: x\r\n  annotations:\r\n    example.com/note: v\r\nspec: on\r\n',
  ],
  ['a byte order mark', '\ufeffkind: Pod\n', '\ufeffkind: Pod\nmetadata:\n  annotations:\n    example.com/note: v\n'],
  [
    'comments below',
    'metadata:\n  name: x\n  # about nothing\n\n# about spec\nspec: {}\n',
    'metadata:\n  name: x\n  annotations:\n    example.com/note: v\n  # about nothing\n\n# about spec\nspec: {}\n',
  ],
  [
    'comments deeper than the map',
    'metadata:\n  name: x\n    # deeper\nspec: {}\n',
    'metadata:\n  name: x\n    # deeper\n  annotations:\n    example.com/note: v\nspec: {}\n',
  ],
  [
    'a block scalar that keeps its blank lines',
    'metadata:\n  annotations:\n    a: |+\n      text\n\n\nspec: {}\n',
    'metadata:\n  annotations:\n    a: |+\n      text\n\n\n    example.com/note: v\nspec: {}\n',
  ],
  [
    'a block scalar that the end of the text cuts off',
    'metadata:\n  name: |\n    x',
    'metadata:\n  annotations:\n    example.com/note: v\n  name: |\n    x',
  ],
  [
    'an explicit key',
    'metadata:\n  ? name\n  : x\n',
    'metadata:\n  ? name\n  : x\n  annotations:\n    example.com/note: v\n',
  ],
  [
    'a pod template',
    'spec:\n  template:\n    spec: {}\n',
    'spec:\n  template:\n    spec: {}\n    metadata:\n      annotations:\n        example.com/note: v\n',
    TEMPLATE,
  ],
  [
    'a flow map',
    '{kind: Pod, metadata: {name: x}}',
    '{kind: Pod, metadata: {name: x, annotations: {example.com/note: v}}}',
  ],
  [
    'a flow map within a block map',
    'metadata: {name: x}  # c\n',
    'metadata: {name: x, annotations: {example.com/note: v}}  # c\n',
  ],
  [
    'a flow map with a comma at its end',
    'metadata: {name: x,}\n',
    'metadata: {name: x, annotations: {example.com/note: v},}\n',
  ],
  ['compact JSON', '{"metadata":{"name":"x"}}', '{"metadata":{"name":"x","annotations":{"example.com/note":"v"}}}'],
  [
    'JSON with spaces',
    '{"metadata": {"annotations": {"a": "b"}}}\n',
    '{"metadata": {"annotations": {"a": "b", "example.com/note": "v"}}}\n',
  ],
  [
    'a map below an explicit key',
    '? metadata\n:\n    name: x\n',
    '? metadata\n:\n    name: x\n    annotations:\n        example.com/note: v\n',
  ],
  [
    'a flow map with a value left out at its end',
    'metadata: {name: x, labels: }\n',
    'metadata: {name: x, labels: , annotations: {example.com/note: v}}\n',
  ],
  [
    'a flow map with a value left out before a comment',
    'metadata: {name: x, labels: # c\n  }\n',
    'metadata: {name: x, labels: , annotations: {example.com/note: v} # c\n  }\n',
  ],
  [
    'indented JSON',
    '{\n  "metadata": {\n    "name": "x"\n  },\n  "n": 12345678901234567890\n}\n',
    '{\n  "metadata": {\n    "name": "x",\n    "annotations": {\n      "example.com/note": "v"\n    }\n  },\n  "n": 12345678901234567890\n}\n',
  ],
];

describe('an annotation is set, and deleted again', () => {
  test.each(SET_AND_DELETED)('%s', (_, before, after, path = POD) => {
    expect(setAnnotation(before, path, KEY, 'v')).toBe(after);
    expect(setAnnotation(after, path, KEY, 'v')).toBe(after);
    expect(setAnnotation(after, path, KEY, undefined)).toBe(before);
  });
});

const SET: readonly [string, string, string][] = [
  ['an empty map', 'metadata:\n  annotations: {}\n', 'metadata:\n  annotations: {example.com/note: v}\n'],
  [
    'null',
    'metadata:\n  annotations: null # c\n  name: x\n',
    'metadata:\n  annotations: # c\n    example.com/note: v\n  name: x\n',
  ],
  ['~', 'metadata:\n  annotations: ~\n', 'metadata:\n  annotations:\n    example.com/note: v\n'],
  [
    'nothing',
    'metadata:\n  annotations: # c\n  name: x\n',
    'metadata:\n  annotations: # c\n    example.com/note: v\n  name: x\n',
  ],
  ['nothing at the end', 'metadata:', 'metadata:\n  annotations:\n    example.com/note: v'],
  ['null in a flow map', 'metadata: {annotations: null}\n', 'metadata: {annotations: {example.com/note: v}}\n'],
  [
    'nothing in a flow map',
    'metadata: {annotations: , name: x}\n',
    'metadata: {annotations: {example.com/note: v}, name: x}\n',
  ],
  ['no colon in a flow map', 'metadata: {annotations}\n', 'metadata: {annotations: {example.com/note: v}}\n'],
  ['a plain value', annotated('old # c'), annotated('v # c')],
  ['a value in single quotes', annotated("'old' # c"), annotated("'v' # c")],
  ['a value in double quotes', annotated('"old"   # c'), annotated('"v"   # c')],
  ['a plain value of two lines', annotated('old\n      older # c'), annotated('v # c')],
  ['a quoted value of two lines', annotated('"old\n\n      older"'), annotated('"v"')],
  ['a literal block', annotated('|- # c\n      old\n\n      older'), annotated('v # c')],
  ['a folded block', annotated('>2\n        old\n      older'), annotated('v')],
  ['no value', annotated('').replace(': \n', ':\n'), annotated('v')],
  ['no value but a comment', annotated('# c'), annotated('v # c')],
  ['an alias', `a: &a old\n${annotated('*a')}`, `a: &a old\n${annotated('v')}`],
  ['a tag', annotated('!!int 5 # c'), annotated('v # c')],
  ['a list', annotated('\n    - a'), 'metadata:\n  annotations:\n    b: c\n    example.com/note: v\nspec: {}\n'],
  [
    'a value in JSON',
    '{"metadata":{"annotations":{"example.com/note":"old"}}}',
    '{"metadata":{"annotations":{"example.com/note":"v"}}}',
  ],
  ['a key in quotes', annotated('old').replace(KEY, `"${KEY}"`), annotated('v').replace(KEY, `"${KEY}"`)],
];

function annotated(value: string): string {
  return `metadata:\n  annotations:\n    ${KEY}: ${value}\n    b: c\nspec: {}\n`;
}

describe('an annotation takes the place of', () => {
  test.each(SET)('%s', (_, before, after) => {
    expect(setAnnotation(before, POD, KEY, 'v')).toBe(after);
  });
});

const DELETED: readonly [string, string, string][] = [
  ['a line with its comment', annotated('old # c'), 'metadata:\n  annotations:\n    b: c\nspec: {}\n'],
  ['a block', annotated('|-\n      old\n\n      older'), 'metadata:\n  annotations:\n    b: c\nspec: {}\n'],
  [
    'not the comment above',
    'metadata:\n  annotations:\n    # c\n    example.com/note: v\n    b: c\n',
    'metadata:\n  annotations:\n    # c\n    b: c\n',
  ],
  [
    'not the blank line behind',
    'metadata:\n  name: x\n  annotations:\n    example.com/note: v\n\nspec: {}\n',
    'metadata:\n  name: x\n\nspec: {}\n',
  ],
  [
    'the blank line that a block above would keep',
    'metadata:\n  name: |+\n    x\n  annotations:\n    example.com/note: v\n\nspec: {}\n',
    'metadata:\n  name: |+\n    x\nspec: {}\n',
  ],
  [
    'the comment inside that a block above would swallow',
    'metadata:\n  name: |\n    x\n  annotations:\n    # c\n    example.com/note: v\n    # c\n',
    'metadata:\n  name: |\n    x\n',
  ],
  [
    'the first of a flow map',
    '{"metadata":{"annotations":{"example.com/note":"v","a":"b"}}}',
    '{"metadata":{"annotations":{"a":"b"}}}',
  ],
  [
    'the middle of a flow map',
    'metadata: {annotations: {a: b, example.com/note: v, c: d}}\n',
    'metadata: {annotations: {a: b, c: d}}\n',
  ],
  [
    'the last of a flow map, not the space that ends a key',
    'metadata: {annotations: {a: , example.com/note: v}}\n',
    'metadata: {annotations: {a: }}\n',
  ],
  [
    'an entry of a flow map, not its comments',
    'metadata: {annotations: {\n  a: b, # c\n  example.com/note: v, # d\n  }}\n',
    'metadata: {annotations: {\n  a: b, # c\n   # d\n  }}\n',
  ],
  [
    'a key with escapes',
    '{"metadata":{"annotations":{"example.com\\u002fnote":"v","a":"b"}}}',
    '{"metadata":{"annotations":{"a":"b"}}}',
  ],
];

describe('what is deleted is', () => {
  test.each(DELETED)('%s', (_, before, after) => {
    expect(setAnnotation(before, POD, KEY, undefined)).toBe(after);
  });
});

test.each([
  ['no metadata', 'kind: Pod\n# example.com/note\n'],
  ['no annotations', 'metadata:\n  name: example.com/note\n'],
  ['empty annotations', 'metadata: {annotations: {}, name: example.com/note}\n'],
  ['null annotations', 'metadata: {annotations: null, name: example.com/note}\n'],
  ['a label of that name', 'metadata:\n  labels:\n    example.com/note: v\n'],
  ['a list for metadata', 'metadata: [example.com/note]\n'],
])('nothing is deleted where there is %s', (_, text) => {
  expect(setAnnotation(text, POD, KEY, undefined)).toBe(text);
});
