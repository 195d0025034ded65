import { describe, expect, test } from 'vitest';
import { boundBridge, createBridge, diffBridge } from '../../../fn/node/node-agent/bridge.ts';
import type { Link } from '../../../fn/node/node-agent/link.ts';
import { ADDRESS, bridge, lines, LOCAL_ADDRESS, NAMES } from './bridges.ts';

const ALIAS = `alias ${NAMES.mark}`;

test('a bridge is made without MTU, snooping and spanning tree', () => {
  expect(lines([createBridge('gwvpn')])).toEqual([
    'gwvpn: bridge created: ip link add dev gwvpn type bridge mcast_snooping 0 stp_state 0',
  ]);
});

describe('of a bridge', () => {
  test.each<readonly [string, Partial<Link>, readonly string[]]>([
    ['nothing is changed that is as wanted', {}, []],
    ['nothing is changed where the kernel has no IPv6', { addressMode: undefined }, []],
    ['the alias is set', { alias: '' }, [`gwvpn: set ${ALIAS}: ip link set dev gwvpn ${ALIAS}`]],
    ['the MTU is set', { mtu: 1500 }, ['gwvpn: set mtu 1450: ip link set dev gwvpn mtu 1450']],
    [
      'the kernel is told to make no address',
      { addressMode: 'eui64' },
      ['gwvpn: set addrgenmode none: ip link set dev gwvpn addrgenmode none'],
    ],
    [
      'snooping is switched off',
      { details: { mcast_snooping: 1, stp_state: 0 } },
      ['gwvpn: set type bridge mcast_snooping 0: ip link set dev gwvpn type bridge mcast_snooping 0'],
    ],
    [
      'the spanning tree is switched off',
      { details: { mcast_snooping: 0, stp_state: 1 } },
      ['gwvpn: set type bridge stp_state 0: ip link set dev gwvpn type bridge stp_state 0'],
    ],
    ['addresses are removed', { addresses: [ADDRESS] }, ['gwvpn: addresses removed: ip addr flush dev gwvpn']],
    [
      'link-local addresses are removed, too',
      { addresses: [LOCAL_ADDRESS] },
      ['gwvpn: addresses removed: ip addr flush dev gwvpn'],
    ],
    [
      'all is set before it is set up',
      { alias: '', mtu: 1500, addressMode: 'eui64', isUp: false, addresses: [LOCAL_ADDRESS], details: {} },
      [
        `gwvpn: set ${ALIAS} addrgenmode none mtu 1450 type bridge mcast_snooping 0 stp_state 0: ip link set dev gwvpn ${ALIAS} addrgenmode none mtu 1450 type bridge mcast_snooping 0 stp_state 0`,
        'gwvpn: addresses removed: ip addr flush dev gwvpn',
        'gwvpn: set up: ip link set dev gwvpn up',
      ],
    ],
  ])('%s', (_, given, expected) => {
    expect(lines(diffBridge(bridge('gwvpn', given), 1450, NAMES.mark))).toEqual(expected);
  });

  test.each([
    [{}, undefined],
    [{ fdb_max_learned: 16384 }, undefined],
    [{ fdb_max_learned: 0 }, 'ip link set dev gwvpn type bridge fdb_max_learned 16384'],
  ])('what it may learn is bounded where that is known: %o', (details, command) => {
    expect(boundBridge(bridge('gwvpn', { details }))?.join(' ')).toBe(command);
  });
});
