import { expect, test } from 'vitest';
import { optionsAt } from '../playground/completion.ts';
import { placeAt } from '../playground/place.ts';

const HEAD = 'apiVersion: gatewaynetwork.dev/v1alpha1\nkind: GatewayNetwork\nmetadata:\n  name: vpn\n';

/** The place of `|` in a text. */
function place(text: string) {
  const offset = text.indexOf('|');
  return placeAt(text.replace('|', ''), offset);
}

function labels(text: string): readonly string[] {
  const found = place(text);
  return found === undefined ? [] : optionsAt(found).map(({ label }) => label);
}

test.each<readonly [string, string, readonly string[] | undefined]>([
  ['the root', '|', []],
  ['a mapping', 'spec:\n  |', ['spec']],
  ['a mapping, with a field begun', 'spec:\n  over|', ['spec']],
  [
    'a mapping after another',
    'metadata:\n  name: a\nspec:\n  overlay:\n    vni: 1\n  gateway:\n    |',
    ['spec', 'gateway'],
  ],
  ['the value of a field', 'spec:\n  unservedFamily: |', ['spec', 'unservedFamily']],
  ['an entry of a list', 'spec:\n  clients:\n    - |', ['spec', 'clients', '[]']],
  ['a list at the column of its key', 'spec:\n  clients:\n  - |', ['spec', 'clients', '[]']],
  ['a later field of an entry', 'spec:\n  clients:\n    - dns: Gateway\n      |', ['spec', 'clients', '[]']],
  ['the second entry', 'spec:\n  clients:\n  - dns: Gateway\n  - |', ['spec', 'clients', '[]']],
  ['after a list at the column of its key', 'spec:\n  clients:\n  - dns: Gateway\n  |', ['spec']],
  ['brackets', 'spec:\n  clients:\n  - {selector: {|', ['spec', 'clients', '[]', 'selector']],
  ['brackets, after a field', 'spec:\n  overlay: {vni: 1, |', ['spec', 'overlay']],
  ['a value in brackets', 'spec: {overlay: {vni: |', ['spec', 'overlay', 'vni']],
  ['the second document', 'spec:\n  a: 1\n---\nmetadata:\n  |', ['metadata']],
  ['a comment', 'spec:\n  # over|', undefined],
  ['amid a text', 'spec: some words |more', ['spec']],
])('%s', (_, text, path) => expect(place(text)?.path).toEqual(path));

test('offers what the schema has, without what is there', () => {
  const spec = labels(`${HEAD}spec:\n  subnets: [192.168.50.0/24]\n  |\n  overlay:\n    vni: 1\n`);
  expect(spec).toEqual(expect.arrayContaining(['clients', 'gateway', 'mtu']));
  expect(spec).not.toContain('subnets');
  expect(spec).not.toContain('overlay');
  expect(labels(`${HEAD}spec:\n  clients:\n    - dns: Gateway\n      |`)).toContain('selector');
  expect(labels(`${HEAD}spec:\n  clients:\n    - dns: Gateway\n      |`)).not.toContain('dns');
});

test('offers values', () => {
  expect(labels(`${HEAD}spec:\n  unservedFamily: |`).toSorted()).toEqual(['Block', 'Bypass']);
  expect(labels('kind: |')).toEqual(['GatewayNetwork']);
  expect(labels('spec:\n  toString:\n    |')).toEqual([]);
});
