import { numbersOf } from './styles.ts';

/**
 * A value of an entry, as lines: the first one goes behind the colon, the others are indented by
 * the column of the key.
 */
type Lines = readonly string[];

/** Values as they stand in the manifests of public repositories. */
const VALUES: readonly Lines[] = [
  ['nginx:1.27'],
  ['"on"'],
  ["'0644'"],
  ['0644'],
  ['64Mi'],
  ['http://example.com:8080/a?b=c#d'],
  ['yes'],
  ['~'],
  [''],
  ['1e3'],
  ['2024-01-01T00:00:00Z'],
  ['!!str 12'],
  ['"a\\tb \\u00e9"'],
  ["'it''s'"],
  ['|', '  #!/bin/sh', '  set -eu', '', '  exec "$@"'],
  ['|-', '  one', '   two'],
  ['|+', '  one', ''],
  ['>-', '  folded', '  text', '', '  more'],
  ['>', '  folded', '    deep', '  text'],
  ['|2', '     deep', '   less'],
  ["'[", '    { "name": "lan" }', "]'"],
  ["'{", '"cniVersion": "0.3.1",', '"type": "macvlan"', "}'"],
  ['"first', 'second"'],
  ['"first \\', '   second"'],
  ['goes on', '  in the next line'],
  ['[a, b]'],
  ['[', '  "a",', '  b', ']'],
  ['[\ta,', '\tb]'],
  ['{a: b, "c":1}'],
  ['{', '  a: b,', '}'],
  ['', '- a', '- b: c', '  d: e'],
  ['', '  - - a', '    - b', '  - c'],
  ['', '  a: 1', '  b: {}'],
  ['', '  ? a', '  : b'],
  ['&base', '  a: 1'],
  ['', '  # a comment', '  a: b # another'],
];
const KINDS = ['Deployment', 'ConfigMap', 'Service', 'Dashboard', 'NetworkAttachmentDefinition'];
const SEPARATORS = ['---\n', '---\n', '--- # next\n', '\n---\n\n', '---\n# comment\n---\n', '---\n---\n'];

/** Files of one to three objects each, in the styles of public repositories; the same for the same seed. */
export function realisticOf(count: number, seed: number): readonly string[] {
  const below = numbersOf(seed);
  return Array.from({ length: count }, () => fileOf(below));
}

function fileOf(below: (bound: number) => number): string {
  const objects = Array.from({ length: 1 + below(3) }, (_, index) => objectOf(below, index));
  const separator = SEPARATORS[below(SEPARATORS.length)] ?? '';
  const text = (below(3) === 0 ? '---\n' : below(4) === 0 ? '# Licence\n\n' : '') + objects.join(separator);
  const ended = below(8) === 0 ? `${text.trimEnd()}\n` : text;
  const marked = below(16) === 0 ? `\uFEFF${ended}` : ended;
  return below(8) === 0 ? marked.replaceAll('\n', '\r\n') : marked;
}

function objectOf(below: (bound: number) => number, index: number): string {
  const entries: Lines[] = [
    ['apiVersion: example.com/v1'],
    [`kind: ${KINDS[below(KINDS.length)]}`],
    below(3) === 0
      ? [`metadata: {name: a${index}, namespace: b}`]
      : ['metadata:', `  name: a${index}`, '  labels: {a: "1"}'],
    [
      'spec:',
      ...Array.from({ length: 1 + below(5) }, (_, key) => entryOf(`k${key}`, below))
        .flat()
        .map(shifted),
    ],
  ];
  const ordered = below(4) === 0 ? entries.toReversed() : entries;
  return `${ordered.flat().join('\n')}\n`;
}

function entryOf(key: string, below: (bound: number) => number): Lines {
  const [first = '', ...others] = VALUES[below(VALUES.length)] ?? [];
  const name = below(6) === 0 ? `"${key}"` : key;
  const comment = below(10) === 0 ? ['# a comment', ''] : [];
  return [...comment, `${name}:${first === '' ? '' : ` ${first}`}`, ...others];
}

function shifted(line: string): string {
  return line === '' || line.startsWith('\t') ? line : `  ${line}`;
}
