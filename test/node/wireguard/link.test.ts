import { expect, test } from 'vitest';
import { type InterfaceAddress, parseInterfaceAddress } from '../../../fn/net/interface-address.ts';
import { addressChanges, type Link, linkChanges, mtuOf, readLink } from '../../../fn/node/wireguard/link.ts';

const LINK: Link = { mtu: 1320, isUp: true, addresses: ['10.64.0.2/16', 'fd00:64::2/128'] };
const wanted = (...texts: readonly string[]) =>
  texts.map((text) => parseInterfaceAddress(text) ?? ({} as InterfaceAddress));

test('a link is read as ip shows it', () => {
  const address = (local: string, prefixlen: number, scope = 'global') => ({ family: 'inet', local, prefixlen, scope });
  const addresses = [address('10.64.0.2', 16), address('fd00:64::2', 128), address('fe80::1', 64, 'link')];
  const shown = { ifname: 'wg0', mtu: 1320, flags: ['POINTOPOINT', 'NOARP', 'UP', 'LOWER_UP'], addr_info: addresses };
  expect(readLink([shown])).toEqual(LINK);
  expect(readLink([{ ...shown, flags: ['POINTOPOINT', 'NOARP'] }])?.isUp).toBe(false);
  expect(readLink(undefined)).toBeUndefined();
});

test.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ['nothing where all is as it should be', LINK.addresses, LINK.addresses, []],
  [
    'what is missing, without routes and without a look for duplicates',
    [],
    LINK.addresses,
    [
      'ip addr replace 10.64.0.2/16 dev wg0 noprefixroute',
      'ip addr replace fd00:64::2/128 dev wg0 nodad noprefixroute',
    ],
  ],
  ['what is of an earlier configuration', LINK.addresses, ['10.64.0.2/16'], ['ip addr del fd00:64::2/128 dev wg0']],
  [
    'both where a prefix length is another',
    ['10.64.0.2/16'],
    ['10.64.0.2/24'],
    ['ip addr replace 10.64.0.2/24 dev wg0 noprefixroute', 'ip addr del 10.64.0.2/16 dev wg0'],
  ],
  [
    'an address that is asked for twice once',
    [],
    ['10.0.0.1/32', '10.0.0.1/32'],
    ['ip addr replace 10.0.0.1/32 dev wg0 noprefixroute'],
  ],
])('changes %s', (_, addresses, wish, commands) => {
  const changes = addressChanges('wg0', { ...LINK, addresses }, wanted(...wish));
  expect(changes.map(({ command }) => command.join(' '))).toEqual(commands);
});

test('a change says what it does, and what has failed', () => {
  expect(addressChanges('wg0', LINK, wanted('10.64.0.2/16'))).toMatchObject([
    { what: 'wg0: address fd00:64::2/128 removed', failure: 'fd00:64::2/128 cannot be removed' },
  ]);
});

test.each<[string, Partial<Link>, number, readonly string[]]>([
  ['nothing of a link that is as it should be', {}, 1320, []],
  ['the MTU', {}, 1400, ['ip link set dev wg0 mtu 1400 up']],
  ['one that is down', { isUp: false }, 1320, ['ip link set dev wg0 mtu 1320 up']],
])('changes %s', (_, found, mtu, commands) => {
  expect(linkChanges('wg0', { ...LINK, ...found }, mtu).map(({ command }) => command.join(' '))).toEqual(commands);
});

test.each([
  ['of the configuration', 1280, 1400, 1280],
  ["what the pod's network leaves", undefined, 1400, 1320],
  ['what most networks take', undefined, 8950, 1420],
  ['what Ethernet leaves where nothing is known', undefined, undefined, 1420],
])('the MTU is %s', (_, configured, underlay, mtu) => {
  expect(mtuOf(configured, underlay)).toBe(mtu);
});
