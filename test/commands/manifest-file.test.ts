import { expect, test } from 'vitest';
import { isBlank, mayHoldObject } from '../../fn/files/manifest-file.ts';

test.each([
  ['apiVersion: v1\nkind: A\n', true],
  ['# A comment.\n---\n"kind": A\n', true],
  ['\uFEFFkind: A\n', true],
  ['a: 1\r\n---\r\nkind: A\r\n', true],
  ['Kind: A\n', true],
  ['  apiVersion: v1\n  kind: A\n', true],
  ['{"apiVersion": "v1", "kind": "A"}', true],
  ['--- {kind: A}\n', true],
  ['--- &a\nkind: A\n', true],
  ['? kind\n: A\n', true],
  ['- apiVersion: v1\n  kind: A\n', true],
  ['{"\\u006bind": "A"}', true],
  ['replicas: 2\ncontroller:\n  kind: A\n', false],
  ['- op: remove\n  path: /kind\n', false],
  ['kinds: [A]\n', false],
  ['{"replicas": 2}', false],
  ['{{ if .Values.a }}\na: [\n{{ end }}\n', false],
  ['', false],
])('%j may hold an object: %s', (text, expected) => expect(mayHoldObject(text)).toBe(expected));

test.each([
  ['', true],
  ['\n \t\n# a\n---\n...\n', true],
  ['\uFEFF# a\r\n', true],
  ['# a\nb\n', false],
  ['  b: 1\n', false],
])('%j is blank: %s', (text, expected) => expect(isBlank(text)).toBe(expected));
