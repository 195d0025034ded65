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
    ['spec.overlay', 'portt', 5000, ['spec.overlay.port']],
    ['spec', 'chain', 'X', ['spec.nodeRules.snatExemption.chainReturn.chain']],
    ['spec.overlay', 'selector', {}, ['spec.nodes.selector', 'spec.gateway.nodes.selector', 'spec.clients[].selector']],
    ['spec.overlay', 'type', 'a', []],
    ['spec.overlay', 'vnid', 7, ['spec.overlay.vni']],
    ['spec', 'vxlanID', 7, ['spec.overlay.vni']],
    ['spec', 'somethingElse', 7, []],
  ])('of %s named %s with %j means %j', (parent, name, value, expected) => {
    expect(meantFields({ parent, name, value })).toEqual(expected);
  });

  it.each([
    ['spec.gateway', 'nodeSelector', { a: 'b' }, ['spec.gateway.nodes.selector']],
    ['spec', 'nodeSelector', { a: 'b' }, ['spec.nodes.selector', 'spec.gateway.nodes.selector']],
    ['spec.agent', 'tolerations', [], ['spec.nodes.tolerations', 'spec.gateway.nodes.tolerations']],
    ['spec.gateway', 'tolerations', [], ['spec.gateway.nodes.tolerations']],
    ['spec.agent', 'resources', {}, ['spec.agent.daemonSet.resources']],
    ['spec.gateway.egress', 'addresses', [], ['spec.gateway.egress.network.addresses']],
    ['spec.gateway', 'vpn', {}, ['spec.gateway.egress.vpn']],
    ['spec.gateway.egress', 'secretName', 'a', ['spec.gateway.egress.vpn.wireGuard.secretName']],
    [
      'spec.clients[]',
      'matchLabels',
      {},
      ['spec.clients[].selector.matchLabels', 'spec.clients[].namespaceSelector.matchLabels'],
    ],
    ['spec.clients[].selector', 'names', [], ['spec.clients[].names']],
    ['spec.overlay', 'peers', [], ['spec.overlay.flooding.unicast.peers']],
    ['metadata', 'subnets', [], ['spec.subnets']],
    ['', 'subnets', [], ['spec.subnets']],
  ])('of %s named %s is known at another place, the nearest one', (parent, name, value, expected) => {
    expect(meantFields({ parent, name, value })).toEqual(expected);
  });

  it.each([
    ['spec', 'interface', 'eth0', ['spec.overlay.underlay.interface']],
    ['spec', 'interface', { bridge: 'br0' }, ['spec.interfaces']],
    ['spec', 'image', 'a:b', ['spec.images.node']],
    ['spec', 'image', { node: 'a:b' }, ['spec.images']],
    ['spec', 'subnet', '10.0.0.0/24', ['spec.subnets']],
    ['spec', 'dns', 'Gateway', ['spec.clients[].dns']],
    ['spec', 'dns', { upstreams: [] }, ['spec.gateway.dns']],
    ['spec', 'network', '10.0.0.0/24', ['spec.subnets']],
    ['spec', 'network', { gateways: [] }, ['spec.gateway.egress.network']],
  ])('of %s named %s with %j means what holds such a value', (parent, name, value, expected) => {
    expect(meantFields({ parent, name, value })).toEqual(expected);
  });

  it.each([
    ['spec', 'portForward', [], ['spec.gateway.portForwards']],
    ['spec.gateway', 'snatAddress', '10.0.0.2', ['spec.gateway.egress.network.snatAddresses']],
    ['spec', 'helthCheck', {}, ['spec.gateway.healthCheck']],
  ])('of %s named %s is similar to one at another place', (parent, name, value, expected) => {
    expect(meantFields({ parent, name, value })).toEqual(expected);
  });
});

/** A value that a field holds. */
const VALUES = { object: {}, array: [], string: 'a', integer: 7, quantity: 7 };
/** Every union has a `type`. */
const COMMON = 'type';

test('every field that stands one level too high or too low is found again, where few have its name', () => {
  const lost = Object.entries(FIELDS).flatMap(([path, { type, enum: choices }]) => {
    const [name = '', ...outer] = path.split('.').toReversed();
    const parent = outer.toReversed().join('.');
    if (outer.length < 2 || name === COMMON || !/^\w+$/.test(name)) return [];
    const wrong = [
      outer.slice(1).toReversed().join('.'),
      ...namesBelow(parent).map((sibling) => `${parent}.${sibling}`),
    ];
    return wrong
      .filter((at) => FIELDS[at]?.type === 'object' && !(`${at}.${name}` in FIELDS) && !(`${at}.*` in FIELDS))
      .filter((at) => !meantFields({ parent: at, name, value: choices?.[0] ?? VALUES[type] }).includes(path))
      .map((at) => `${at}.${name}`);
  });
  expect(lost).toEqual([]);
});

test('the names below a field are its own only', () => {
  expect(namesBelow('spec.interfaces')).toEqual(['bridge', 'vxlan']);
  expect(namesBelow('')).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
});

test('synonyms stand for fields that exist', () => {
  const ends = Object.values(SYNONYMS).flat();
  expect(ends.filter((end) => !Object.keys(FIELDS).some((path) => `.${path}`.endsWith(`.${end}`)))).toEqual([]);
});
