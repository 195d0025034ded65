import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readCanonical } from '../../fn/krm/edit/canonical.ts';
import { emitEntry } from '../../fn/krm/edit/emit.ts';
import { print } from '../../fn/krm/print.ts';
import { parse } from '../../fn/krm/text/parse.ts';
import { manifest } from './manifests.ts';

const MANIFEST = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: {
    name: 'vpn',
    namespace: 'egress',
    labels: { 'app.kubernetes.io/name': 'x' },
    annotations: { a: '0755', b: 'on' },
  },
  data: {
    'agent.sh': '#!/bin/sh\nset -eu\n\nif true; then\n  : # yes\nfi\n',
    last: 'a\nb',
    address: '10.0.0.1',
    cidr: '10.0.0.0/8',
  },
  spec: {
    replicas: 2,
    isSet: true,
    none: null,
    empty: {},
    list: [],
    containers: [
      {
        name: 'a',
        image: 'example.com:5000/a@sha256:0a',
        args: ['-c', '5'],
        resources: { cpu: '100m', memory: '64Mi' },
      },
    ],
  },
};

test('what we print is read without a parser', () => {
  expect(readCanonical(print(MANIFEST))).toEqual({ value: MANIFEST });
});

test('what nests without end is left to a parser', () => {
  expect(readCanonical(`a:\n${'- '.repeat(100_000)}b\n`)).toBeUndefined();
});

test('comments, wide lists and quotes are no hindrance', () => {
  const text = '# a\na:\n  # b\n  - \'b\'\n\n  - c: "d"\n    e: f\n# g\nh: i\n';
  expect(readCanonical(text)).toEqual({ value: { a: ['b', { c: 'd', e: 'f' }], h: 'i' } });
});

describe('a parser decides about', () => {
  test.each([
    'a: {b: c}',
    'a: [b]',
    'a: &a b',
    'a: *a',
    'a: !!str b',
    'a: b # c',
    'a: b\n  c',
    'a: >-\n  b',
    'a: |+\n  b\n',
    'a: |\n\n  b',
    'a: 0755',
    'a: 1.0',
    'a: 1_000',
    'a: 12:30',
    'a: yes',
    'a: On',
    'a: ~',
    'a:',
    'a: "b\\n"',
    "a: 'it''s'",
    'a: b\na: c',
    '? a\n: b',
    '<<: a',
    '---\na: b',
    'a: b\n...',
    '- a',
    'a:\n    b: c\n  d: e',
    'a:\n- b\n c: d',
    'a: |\n  b',
    'a: |\n  b\n \n',
    'a: b\r\n',
    'a: b:',
    'a: b ',
    'a: 2001-01-01',
    '__proto__: {}',
    '\ta: b',
    '',
    '{}',
    'a',
  ])('%j', (text) => {
    expect(readCanonical(text)).toBeUndefined();
  });
});

/** Manifests in several layouts, with comments and blank lines at any place, and lines lost. */
const text = fc
  .tuple(manifest, fc.constantFrom('ours', 'printed', 'plain'), fc.constantFrom(2, 3), fc.boolean())
  .map(([value, style, unit, wideLists]) => {
    if (style === 'printed') return print(value);
    if (style === 'plain')
      return stringify(value, { indent: unit, indentSeq: wideLists, aliasDuplicateObjects: false });
    return Object.entries(value)
      .map(([key, field]) => emitEntry(key, field, 0, { eol: '\n', unit, wideLists }))
      .join('');
  })
  .chain((whole) =>
    fc
      .array(fc.tuple(fc.nat(), fc.constantFrom('# c', '', ' ', '- a', 'a: b', 'a')), { maxLength: 3 })
      .map((extras) => {
        const lines = whole.split('\n');
        for (const [at, extra] of extras) lines.splice(at % lines.length, at % 3, ' '.repeat(at % 7) + extra);
        return lines.join('\n');
      }),
  );

test('whatever it reads, the parser reads the same', () => {
  fc.assert(
    fc.property(text, (given) => {
      const said = readCanonical(given);
      if (said) expect(parse(given)).toEqual(said);
    }),
    { numRuns: 3000 },
  );
});
