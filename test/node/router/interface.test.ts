import { expect, test } from 'vitest';
import { interfaceChanges, mtuLack, parseInterface } from '../../../fn/node/router/interface.ts';
import { text } from './text.ts';

const MAC = '02:3c:8d:5b:a3:55';
const ADDRESSES = ['192.168.50.1/24', 'fd00:50::1/64'];

/** What `ip -j addr show` prints of an interface. */
const shown = (link: object = {}, addresses: readonly object[] = [V4, V6, LINK_LOCAL]) =>
  JSON.stringify([
    {
      ifname: 'net1',
      flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
      mtu: 1450,
      address: MAC,
      ...link,
      addr_info: addresses,
    },
  ]);
const V4 = { family: 'inet', local: '192.168.50.1', prefixlen: 24, scope: 'global', label: 'net1' };
const V6 = { family: 'inet6', local: 'fd00:50::1', prefixlen: 64, scope: 'global', nodad: true };
const LINK_LOCAL = { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link', tentative: true };

const MTU = 'net1: MTU set to 1450, it was 1500 | ip link set dev net1 mtu 1450';
const V4_ADDED = 'net1: address 192.168.50.1/24 added | ip addr add 192.168.50.1/24 dev net1';
const V6_ADDED = 'net1: address fd00:50::1/64 added | ip addr add fd00:50::1/64 dev net1 nodad';
const V6_REMOVED =
  'net1: address fd00:50::1/64 removed, which was not to be used yet | ip addr del fd00:50::1/64 dev net1';

test('an interface is read with its link and its addresses', () => {
  expect(parseInterface(shown())).toEqual({
    mac: MAC,
    mtu: 1450,
    isUp: true,
    addresses: [
      { address: '192.168.50.1/24', isIPv6: false, isGlobal: true, isUsable: true },
      { address: 'fd00:50::1/64', isIPv6: true, isGlobal: true, isUsable: true },
      { address: 'fe80::1/64', isIPv6: true, isGlobal: false, isUsable: false },
    ],
  });
  expect(parseInterface(undefined)).toBeUndefined();
  expect(parseInterface('')).toBeUndefined();
  expect(parseInterface('[]')).toBeUndefined();
});

test.each<[string, string, readonly string[]]>([
  ['is as it should be', shown(), []],
  [
    'is new',
    shown({ flags: ['BROADCAST'], address: '0a:00:00:00:00:01', mtu: 1500 }, []),
    [
      `net1: MAC set to ${MAC} | ip link set dev net1 address ${MAC}`,
      MTU,
      'net1: set up | ip link set dev net1 up',
      V4_ADDED,
      V6_ADDED,
    ],
  ],
  ['has a larger MTU', shown({ mtu: 1500 }), [MTU]],
  ['has a smaller MTU, which cannot be raised from here', shown({ mtu: 1400 }), []],
  ['has an address of another length', shown({}, [{ ...V4, prefixlen: 32 }, V6]), [V4_ADDED]],
  ['has an address on trial', shown({}, [V4, { ...V6, tentative: true }]), [V6_REMOVED, V6_ADDED]],
  ['has an address that another has, too', shown({}, [V4, { ...V6, dadfailed: true }]), [V6_REMOVED, V6_ADDED]],
  ['has others beside', shown({}, [V4, V6, { ...V4, local: '192.168.50.9' }]), []],
])('an interface that %s is changed as needed', (_, found, changes) => {
  const state = parseInterface(found);
  expect(state && text(interfaceChanges('net1', state, { mac: MAC, mtu: 1450, addresses: ADDRESSES }))).toEqual(
    changes,
  );
});

test('a smaller MTU is raised where the other end follows', () => {
  const changes = (mtu: number) => {
    const state = parseInterface(shown({ mtu }));
    return state && text(interfaceChanges('net1', state, { mtu: 1450, canRaise: true, addresses: [] }));
  };
  expect(changes(1400)).toEqual(['net1: MTU set to 1450, it was 1400 | ip link set dev net1 mtu 1450']);
  expect(changes(1500)).toEqual([MTU]);
  expect(changes(1450)).toEqual([]);
});

test('what nothing is said of is left alone', () => {
  const state = parseInterface(shown({ address: '0a:00:00:00:00:01', mtu: 9000 }, [V4]));
  expect(state && interfaceChanges('net1', state, { addresses: ['192.168.50.1/24'] })).toEqual([]);
});

test.each([
  [1450, undefined],
  [1500, undefined],
  [1449, 'net1 has the MTU 1449, not 1450: this pod is older than its attachment and has to be made anew'],
])('an MTU of %i where 1450 is wanted', (mtu, lack) => {
  const state = parseInterface(shown({ mtu }));
  expect(state && mtuLack('net1', state, 1450)).toBe(lack);
});
