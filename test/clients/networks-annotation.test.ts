import { describe, expect, test } from 'vitest';
import {
  addNetwork,
  formatShort,
  freeInterface,
  interfacesOf,
  parseNetworks,
  removeNetwork,
  referenceTo,
  refersTo,
} from '../../fn/clients/networks-annotation.ts';
import { planOf } from '../plan/network.ts';

const entry = (name: string, namespace?: string, asked?: string) => ({ name, namespace, interface: asked });

describe('a networks annotation', () => {
  test.each([
    ['vpn', [entry('vpn')]],
    ['egress/vpn@net2', [entry('vpn', 'egress', 'net2')]],
    [' storage , egress/vpn ', [entry('storage'), entry('vpn', 'egress')]],
    ['a,\nb\n', [entry('a'), entry('b')]],
    ['[{"name": "vpn", "namespace": "egress", "interface": "net3"}]', [entry('vpn', 'egress', 'net3')]],
    ['\n  [{"name": "vpn", "namespace": ""}]', [entry('vpn')]],
    ['[]', []],
    ['', []],
    [' \n', []],
    ['[{"name": "vpn"', undefined],
    ['{"name": "vpn"}', undefined],
    ['[null]', undefined],
    ['["vpn"]', undefined],
    ['[{"name": 7}]', undefined],
    ['[{"name": "vpn", "interface": 7}]', undefined],
    ['[{"namespace": "egress"}]', undefined],
    ['a,', undefined],
    ['a b', undefined],
    ['a/b/c', undefined],
    ['a@b@c', undefined],
    ['/a', undefined],
  ])('%j asks for %j', (value, expected) => expect(parseNetworks(value)).toEqual(expected));

  const plan = planOf('{subnets: [10.9.0.0/24]}');
  test.each([
    ['vpn', 'egress', true],
    ['vpn', 'apps', false],
    ['egress/vpn', 'apps', true],
    ['other/vpn', 'egress', false],
    ['vpn-router-0', 'egress', false],
  ])('%s of a pod in %s: the network is %s', (value, namespace, expected) => {
    const wanted = { name: 'vpn', namespace: 'egress' };
    expect(parseNetworks(value)?.some((reference) => refersTo(reference, wanted, namespace))).toBe(expected);
  });

  test('is written short in the own namespace and in full elsewhere', () => {
    expect(formatShort(referenceTo(plan, { type: 'Pool' }, 'egress'), undefined)).toBe('vpn');
    expect(formatShort(referenceTo(plan, { type: 'Pool' }, 'apps'), undefined)).toBe('egress/vpn');
    expect(formatShort(referenceTo(plan, { type: 'Pool' }, 'apps'), 'net7')).toBe('egress/vpn@net7');
  });

  test('is written short where the namespace has an attachment of its own, and where the network names none', () => {
    const local = planOf('{subnets: [10.9.0.0/24], clients: [{namespaces: [apps], attachment: PerNamespace}]}');
    expect(formatShort(referenceTo(local, { type: 'Pool' }, 'apps'), undefined)).toBe('vpn');
    expect(formatShort(referenceTo(local, { type: 'Pool' }, 'other'), undefined)).toBe('egress/vpn');
    expect(
      formatShort(
        referenceTo(planOf('{subnets: [10.9.0.0/24]}', { name: 'vpn' }), { type: 'Pool' }, 'apps'),
        undefined,
      ),
    ).toBe('vpn');
  });
});

test.each([
  ['a', ['net1'], undefined],
  ['a, b', ['net1', 'net2'], undefined],
  ['a@net2', ['net2'], 'net3'],
  ['a@net3, b@net4', ['net3', 'net4'], 'net5'],
  ['a@net4, b', ['net4', 'net2'], undefined],
  ['[{"name": "a", "interface": "net2"}]', ['net2'], 'net3'],
])('%j gives the interfaces %j, and the next must ask for %j', (value, interfaces, free) => {
  const references = parseNetworks(value) ?? [];
  expect(interfacesOf(references)).toEqual(interfaces);
  expect(freeInterface(references)).toBe(free);
});

test.each([
  ['', 'vpn', ''],
  ['a', 'a, vpn', 'a'],
  ['a,b', 'a,b,vpn', 'a,b'],
  ['a,\n  b\n', 'a,\n  b,\n  vpn\n', 'a,\n  b\n'],
  ['[]', '[{"name": "vpn"}]', ''],
  [' [\n]', ' [{"name": "vpn"}\n]', ''],
  ['[{"name":"a"}]', '[{"name":"a"},{"name":"vpn"}]', '[{"name":"a"}]'],
  [
    '[{"name": "a"},  {"name": "b"} ]',
    '[{"name": "a"},  {"name": "b"},  {"name": "vpn"} ]',
    '[{"name": "a"},  {"name": "b"} ]',
  ],
  ['[\n {"name": "a"}\n]\n', '[\n {"name": "a"},\n {"name": "vpn"}\n]\n', '[\n {"name": "a"}\n]\n'],
  ['[{"name": "a", "x": ["}, {"]}]', '[{"name": "a", "x": ["}, {"]}, {"name": "vpn"}]', '[{"name":"a","x":["}, {"]}]'],
])('into %j an entry goes so: %j, and out again so: %j', (value, longer, shorter) => {
  expect(addNetwork(value, { name: 'vpn', namespace: undefined })).toBe(longer);
  expect(removeNetwork(longer, (parseNetworks(longer)?.length ?? 0) - 1)).toBe(shorter);
});

test.each([
  ['a, b, c', 0, 'b, c'],
  ['a, b, c', 1, 'a, c'],
  ['[ {"name": "a"}, {"name": "b"} ]', 0, '[ {"name": "b"} ]'],
  ['[{"name": "a"},\n {"name": "b"}]', 0, '[{"name": "b"}]'],
])('out of %j goes entry %j: %j', (value, index, shorter) => {
  expect(removeNetwork(value, index)).toBe(shorter);
});
