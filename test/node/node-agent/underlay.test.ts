import { expect, test } from 'vitest';
import type { Overlay } from '../../../fn/node/config/agent-config.ts';
import type { Link, LinkAddress } from '../../../fn/node/node-agent/link.ts';
import { type Carried, findUnderlay, underlayDevice } from '../../../fn/node/node-agent/underlay.ts';
import { port } from './given.ts';

const OVERLAY: Overlay = { device: 'gwvpn-vx', vni: 1000, port: 4799, family: 'IPv4', flooding: { type: 'Listed' } };
const CARRIED: Carried = { overlay: OVERLAY, mtu: 1450, hostIp: '172.18.0.11', known: [] };
const named = (underlay: string, given: Partial<Carried> = {}): Carried => ({
  ...CARRIED,
  ...given,
  overlay: { ...OVERLAY, ...given.overlay, underlay },
});

function address(text: string, given: Partial<LinkAddress> = {}): LinkAddress {
  return { family: text.includes(':') ? 'IPv6' : 'IPv4', address: text, isLocal: false, isUsable: true, ...given };
}

const interfaceOf = (name: string, mtu: number, ...addresses: readonly LinkAddress[]): Link =>
  port(name, { mtu, addresses });

const LINKS = [
  interfaceOf('lo', 65_536, address('127.0.0.1')),
  interfaceOf('br0', 1500, address('172.18.0.11', { isLocal: true })),
  interfaceOf('eth0', 1500, address('172.18.0.11'), address('172.18.0.21'), address('fd00:18::11')),
  interfaceOf('eth9', 1500, address('172.18.0.11')),
  interfaceOf(
    'eth1',
    1520,
    address('fe80::1', { isLocal: true }),
    address('10.0.0.10', { isUsable: false }),
    address('10.0.0.11'),
    address('10.0.0.12'),
    address('fd00:10::11'),
  ),
];

test.each([
  ['named', named('eth7'), 'eth7'],
  ["with the node's address", CARRIED, 'eth0'],
  ['with an address that nobody has', { ...CARRIED, hostIp: '172.18.0.99' }, undefined],
])('the interface is the one %s', (_, carried, expected) => {
  expect(underlayDevice(LINKS, carried)).toBe(expected);
});

test.each<readonly [string, Carried, string]>([
  ["the node's address where none is known", CARRIED, '172.18.0.11'],
  ["the node's address among those known", { ...CARRIED, known: ['172.18.0.11', '172.18.0.21'] }, '172.18.0.11'],
  ["the one that is known beside the node's", { ...CARRIED, known: ['172.18.0.21'] }, '172.18.0.21'],
  ["the node's address where others are known", { ...CARRIED, known: ['10.9.0.1'] }, '172.18.0.11'],
  ['the first where the node has its address elsewhere', named('eth1'), '10.0.0.11'],
  ['the last of those that are known', named('eth1', { known: ['10.0.0.12', '10.0.0.11', '10.0.0.10'] }), '10.0.0.12'],
  ['the first of IPv6', named('eth1', { overlay: { ...OVERLAY, family: 'IPv6' } }), 'fd00:10::11'],
])('the source is %s', (_, carried, source) => {
  expect(findUnderlay(LINKS, carried)).toMatchObject({ source });
});

test.each<readonly [string, Carried]>([
  ["no interface has the node's address 172.18.0.99", { ...CARRIED, hostIp: '172.18.0.99' }],
  ['the underlay eth7 has no IPv4 address', named('eth7')],
  ['the underlay br0 has no IPv4 address', named('br0')],
  ['the underlay lo has no IPv6 address', named('lo', { overlay: { ...OVERLAY, family: 'IPv6' } })],
  ['the underlay eth0 has MTU 1500: too small for 1451 and 50 of VXLAN, it must be 1501', { ...CARRIED, mtu: 1451 }],
  [
    'the underlay eth1 has MTU 1520: too small for 1451 and 70 of VXLAN, it must be 1521',
    named('eth1', { mtu: 1451, overlay: { ...OVERLAY, family: 'IPv6' } }),
  ],
])('nothing can carry the VXLAN: %s', (fault, carried) => {
  expect(findUnderlay(LINKS, carried)).toEqual({ fault });
});

test('an MTU that just fits is enough', () => {
  expect(findUnderlay(LINKS, CARRIED)).toEqual({ device: 'eth0', source: '172.18.0.11' });
  expect(findUnderlay(LINKS, named('eth1', { overlay: { ...OVERLAY, family: 'IPv6' } }))).toHaveProperty(
    'device',
    'eth1',
  );
});
