import fc from 'fast-check';

/** Strings that YAML readers are known to take for something else, and strings that need care in blocks. */
export const AWKWARD = [
  '0755',
  'on',
  'yes',
  'NO',
  'y',
  '1_000',
  '12:30',
  '02:00:00:00:00:01',
  '0o14',
  '0X1F',
  '+0o7',
  '1e1_0',
  '2001-01-01',
  '~',
  '',
  'null',
  '.inf',
  '=',
  '<<',
  '- a',
  '# a',
  'a # b',
  'a: b',
  'a:',
  '{a',
  '[a',
  '*a',
  '&a',
  '!a',
  '%a',
  '@a',
  '`a',
  '"a"',
  "it's",
  '---',
  '...',
  ' a',
  'a ',
  '\ta',
  'a\tb',
  'a\nb',
  'a\nb\n',
  'a\n\nb\n',
  'a\n\n',
  '\na',
  ' a\nb',
  'a\n  b\n',
  'a\n \nb',
  'a\n\tb',
  'a \nb ',
  'a\r\nb',
  'a\u2028b\n',
  '\ufeffa',
  '\u0085',
  '#!/bin/sh\nset -eu\n# comment\n\nif true; then\n  :\nfi\n',
  '10.0.0.1',
  'é',
  '🌍\n🌍',
];

const key = fc.constantFrom('a', 'b', 'c', 'name', 'on', '1', 'config.sh', 'é', 'a b');
const scalar = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...AWKWARD) },
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);

const { value } = fc.letrec<{ value: unknown; list: unknown; map: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('map'), tie('list')),
  list: fc.oneof(
    fc.array(tie('value'), { maxLength: 4 }),
    fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }),
    fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), value: tie('value') }), {
      selector: ({ name }) => name,
      maxLength: 4,
    }),
  ),
  map: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

const names = fc.dictionary(
  fc.constantFrom(
    'a',
    'argocd.argoproj.io/sync-wave',
    'gatewaynetwork.dev/a',
    'app.kubernetes.io/name',
    'config.k8s.io/id',
  ),
  fc.constantFrom(...AWKWARD),
  { maxKeys: 3, noNullPrototype: true },
);

/** A manifest with any fields; two of them have much in common. */
export const manifest = fc.record(
  {
    apiVersion: fc.constant('v1'),
    kind: fc.constant('ConfigMap'),
    metadata: fc.record(
      { name: fc.constant('x'), labels: names, annotations: names },
      { requiredKeys: ['name'], noNullPrototype: true },
    ),
    spec: value,
    data: value,
  },
  { requiredKeys: ['apiVersion', 'kind', 'metadata'], noNullPrototype: true },
);
