import { describe, expect, test } from 'vitest';
import { findConfig, readSelections } from './bed/multus.ts';

describe('the test bed reads the network annotation as Multus does:', () => {
  test.each([
    ['vpn', [{ namespace: 'apps', name: 'vpn', interface: 'net1' }]],
    ['egress/vpn', [{ namespace: 'egress', name: 'vpn', interface: 'net1' }]],
    ['egress/vpn@out', [{ namespace: 'egress', name: 'vpn', interface: 'out' }]],
    [
      'storage, egress/vpn',
      [
        { namespace: 'apps', name: 'storage', interface: 'net1' },
        { namespace: 'egress', name: 'vpn', interface: 'net2' },
      ],
    ],
    ['[{"name": "vpn", "namespace": "egress"}]', [{ namespace: 'egress', name: 'vpn', interface: 'net1' }]],
  ])('%s', (annotation, selections) => {
    expect(readSelections(annotation, 'apps')).toEqual(selections);
  });

  test('default-route asks for nothing, as since 4.2.2', () => {
    const [selection] = readSelections('[{"name": "vpn", "default-route": ["192.168.50.1"]}]', 'apps');
    expect(selection).toMatchObject({ namespace: 'apps', name: 'vpn', interface: 'net1' });
  });

  test('a name that is no DNS label is refused', () => {
    expect(() => readSelections('a.b', 'apps')).toThrow("'a.b'");
  });

  test('a network that nobody has defined is an error', () => {
    expect(() => findConfig([], { namespace: 'egress', name: 'vpn', interface: 'net1' })).toThrow('egress/vpn');
  });
});
