import { expect, test } from 'vitest';
import { locate } from '../../fn/krm/locate.ts';
import type { Problem } from '../../fn/krm/problem.ts';
import { read, readFiles } from '../../fn/krm/read.ts';

const TEXT = `# a comment
apiVersion: v1
kind: Pod
metadata: {name: a, labels: {"example.com/role": b}}
spec:
  base: &base
    deep: 1
  other: *base
  list:
  - {x: 1}
  -   y: 2
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: b
`;

const problem = (path: string | undefined, index = 0): Problem => ({
  code: 'InvalidValue',
  severity: 'error',
  message: 'm',
  file: { path: 'a.yaml', index },
  ...(path !== undefined && { field: { path } }),
});

const { input } = readFiles([{ path: 'a.yaml', text: TEXT }]);

test.each([
  ['kind', 0, 3, 1],
  ['metadata.name', 0, 4, 12],
  ['metadata.labels["example.com/role"]', 0, 4, 30],
  ['spec.base.deep', 0, 7, 5],
  ['spec.other.deep', 0, 7, 5],
  ['spec.list[0].x', 0, 10, 6],
  ['spec.list[1].y', 0, 11, 7],
  ['spec.list[1].z', 0, 11, 7],
  ['spec.list[7]', 0, 9, 3],
  ['spec.missing.deeper', 0, 5, 1],
  ['status', 0, 2, 1],
  [undefined, 0, 2, 1],
  ['metadata.name', 1, 19, 5],
  ['spec', 1, 16, 3],
] as const)('%s of object %i is in line %i, column %i', (path, index, line, column) => {
  expect(locate(input, [problem(path, index)])).toMatchObject([{ position: { line, column } }]);
});

test('CRLF, a byte order mark and JSON change nothing', () => {
  const crlf = readFiles([{ path: 'a.yaml', text: TEXT.replaceAll('\n', '\r\n') }]);
  expect(locate(crlf.input, [problem('spec.list[1].y')])[0]?.position).toEqual({ line: 11, column: 7 });
  const json = readFiles([{ path: 'a.yaml', text: '{"apiVersion": "v1", "kind": "Pod",\n "spec": {"a": [1]}}' }]);
  expect(locate(json.input, [problem('spec.a[0]')])[0]?.position).toEqual({ line: 2, column: 17 });
});

test('what is in no file, or is no object of the input, has no position', () => {
  const piped = read(TEXT).input;
  const others = [{ ...problem('kind'), severity: 'info' } as const, problem('kind', 7)];
  expect(locate(piped, [problem('kind')])).toEqual([problem('kind')]);
  expect(locate(input, others)).toEqual(others);
});
