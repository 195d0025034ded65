import { describe, expect, it, test } from 'vitest';
import { FIELDS } from '../../fn/api/generated/fields.ts';
import { closest, meantFields, namesBelow, SYNONYMS } from '../../fn/api/unknown-field.ts';

describe('a misspelling', () => {
  const names = ['subnets', 'port', 'vni', 'type'];
  it.each([
    ['subnet', 'subnets'],
    ['SUBNETS', 'subnets'],
    ['sbnetss', 'subnets'],
    ['prot', undefined],
    ['ports', 'port'],
    ['vn', undefined],
    ['sub', undefined],
    ['vnix', 'vni'],
  ])('%s stands for %s', (word, expected) => {
    expect(closest(word, names)).toBe(expected);
  });
});

describe('an unknown field', () => {
  it.each([
    ['spec.overlay', 'portt', ['port']],
    ['spec', 'interface', ['interfaces']],
    ['spec', 'chain', ['spec.nodeRules.snatExemption.chainReturn.chain']],
    ['spec.overlay', 'selector', ['spec.nodes.selector', 'spec.gateway.nodes.selector', 'spec.clients[].selector']],
    ['spec.overlay', 'type', []],
    ['spec.overlay', 'vnid', ['vni']],
    ['spec', 'vxlanID', ['spec.overlay.vni']],
    ['spec', 'somethingElse', []],
  ])('of %s named %s means %j', (parent, name, expected) => {
    expect(meantFields(parent, name)).toEqual(expected);
  });
});

test('the names below a field are its own only', () => {
  expect(namesBelow('spec.interfaces')).toEqual(['bridge', 'vxlan']);
  expect(namesBelow('')).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
});

test('synonyms stand for fields that exist', () => {
  expect(Object.values(SYNONYMS).filter((path) => !(path in FIELDS))).toEqual([]);
});
