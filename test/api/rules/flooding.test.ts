import { describe, expect, it } from 'vitest';
import { messages } from '../networks.ts';

describe('peers', () => {
  const peers = (list: string, family = 'IPv4') =>
    messages(`overlay: {vni: 7, underlay: {family: ${family}}, flooding: {type: Unicast, unicast: {peers: ${list}}}}`);

  it('of the underlay are fine', () => {
    expect(peers('[10.0.0.1, 10.0.0.2]')).toEqual([]);
    expect(peers('["fd00::1", "fd00::2"]', 'IPv6')).toEqual([]);
  });

  it.each([
    [
      '[node-1]',
      'IPv4',
      '`spec.overlay.flooding.unicast.peers[0]` must be an IPv4 address, such as "10.0.0.11", not "node-1": `spec.overlay.underlay.family` is "IPv4"',
    ],
    [
      '[10.0.0.1]',
      'IPv6',
      '`spec.overlay.flooding.unicast.peers[0]` must be an IPv6 address, such as "fd00::11", not "10.0.0.1": `spec.overlay.underlay.family` is "IPv6"',
    ],
    [
      '[10.0.0.1, 239.0.0.1]',
      'IPv4',
      '`spec.overlay.flooding.unicast.peers[1]` must be the address of one node, not "239.0.0.1": 224.0.0.0/4 is multicast',
    ],
    [
      '["fd00::1", "fd00:0::1"]',
      'IPv6',
      '`spec.overlay.flooding.unicast.peers[1]` is "fd00:0::1" and must not be the same as `spec.overlay.flooding.unicast.peers[0]`: the peer would get every frame twice',
    ],
  ])('%s over %s are not', (list, family, message) => {
    expect(peers(list, family)).toEqual([message]);
  });
});

describe('a group', () => {
  const group = (text: string, family: string) =>
    messages(
      `overlay: {vni: 7, underlay: {family: ${family}}, flooding: {type: Multicast, multicast: {group: "${text}"}}}`,
    );

  it('of the underlay is fine', () => {
    expect(group('239.1.2.3', 'IPv4')).toEqual([]);
    expect(group('ff05::42', 'IPv6')).toEqual([]);
  });

  it.each([
    ['10.0.0.1', 'IPv4', '224.0.0.0/4'],
    ['ff05::42', 'IPv4', '224.0.0.0/4'],
    ['239.1.2.3', 'IPv6', 'ff00::/8'],
    ['fd00::1', 'IPv6', 'ff00::/8'],
  ])('%s over %s must be in %s', (text, family, range) => {
    expect(group(text, family)).toEqual([
      `\`spec.overlay.flooding.multicast.group\` must be a multicast address in ${range}, not "${text}": \`spec.overlay.underlay.family\` is "${family}"`,
    ]);
  });
});
