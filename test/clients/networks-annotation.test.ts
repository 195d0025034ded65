import { describe, expect, test } from 'vitest';
import { parseNetworks, referenceTo, refersTo } from '../../fn/clients/networks-annotation.ts';
import { planOf } from '../plan/network.ts';

describe('a networks annotation', () => {
  test.each([
    ['vpn', [{ name: 'vpn', namespace: undefined }]],
    ['egress/vpn@net2', [{ name: 'vpn', namespace: 'egress' }]],
    [
      ' storage , egress/vpn ',
      [
        { name: 'storage', namespace: undefined },
        { name: 'vpn', namespace: 'egress' },
      ],
    ],
    ['[{"name": "vpn", "namespace": "egress", "interface": "net3"}]', [{ name: 'vpn', namespace: 'egress' }]],
    ['\n  [{"name": "vpn"}]', [{ name: 'vpn', namespace: undefined }]],
    ['[{"name": "vpn"', undefined],
    ['[null]', [{ name: '', namespace: undefined }]],
    [7, undefined],
  ])('%j asks for %j', (value, expected) => expect(parseNetworks(value)).toEqual(expected));

  const plan = planOf('{subnets: [10.9.0.0/24]}');
  test.each([
    ['vpn', 'egress', true],
    ['vpn', 'apps', false],
    ['egress/vpn', 'apps', true],
    ['other/vpn', 'egress', false],
    ['vpn-router-0', 'egress', false],
  ])('%s of a pod in %s: the network is %s', (value, namespace, expected) => {
    expect(parseNetworks(value)?.some((entry) => refersTo(entry, plan, namespace))).toBe(expected);
  });

  test('is written short in the own namespace and in full elsewhere', () => {
    expect(referenceTo(plan, 'egress')).toBe('vpn');
    expect(referenceTo(plan, 'apps')).toBe('egress/vpn');
  });
});
