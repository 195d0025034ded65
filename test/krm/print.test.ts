import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesObject } from '../../fn/krm/input.ts';
import { print } from '../../fn/krm/write.ts';

const OBJECT = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a' },
  data: { mode: '0755', on: 'yes', script: 'set -e\n\nrun "$@"\n', args: ['--x', 'y: z'], none: null, count: 3 },
  empty: {},
  gone: undefined,
};

test('an object is printed for readers of YAML 1.1 and without what is undefined', () => {
  expect(print(OBJECT)).toBe(`apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  mode: "0755"
  "on": "yes"
  script: |
    set -e

    run "$@"
  args: ["--x", "y: z"]
  none: null
  count: 3
empty: {}
`);
});

test('a list of strings, and a map in a list, is on one line where that is short', () => {
  const long = 'x'.repeat(100);
  const list = [{ name: 'a', from: { field: 'x' }, on: true }, { name: long }, { text: 'two\nlines' }, [1], {}, 'word'];
  expect(print({ kind: 'X', command: ['a', 'b c', 'd, e'], list, words: [long, 'a'], none: [] } as KubernetesObject))
    .toBe(`kind: X
command: [a, b c, "d, e"]
list:
- { name: a, from: { field: x }, "on": true }
- name: ${long}
- text: |-
    two
    lines
- - 1
- {}
- word
words:
- ${long}
- a
none: []
`);
});

test('every line but the empty ones is indented', () => {
  const lines = print(OBJECT, 3).split('\n');
  expect(lines.filter((line) => line !== '' && !line.startsWith('   '))).toEqual([]);
  expect(lines[0]).toBe('   apiVersion: v1');
});

test('objects that appear twice are printed twice, without anchors', () => {
  const labels = { app: 'web' };
  const object: KubernetesObject = { kind: 'X', metadata: { labels, annotations: labels } };
  expect(print(object)).toBe('kind: X\nmetadata:\n  labels:\n    app: web\n  annotations:\n    app: web\n');
});

test.each(['1.1', '1.2'] as const)('what is printed means the same in YAML %s', (version) => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })),
      fc.nat(8),
      (data, indent) => {
        const object = { kind: 'X', data };
        expect(parse(print(object, indent), { version })).toEqual(JSON.parse(JSON.stringify(object)));
      },
    ),
    { numRuns: 500 },
  );
});
