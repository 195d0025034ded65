import { expect, test } from 'vitest';
import type { AddressState } from '../../../fn/node/router/interface.ts';
import { carriedFamilies, parseRoutes, routeChanges } from '../../../fn/node/router/routes.ts';
import { NETWORK, VPN } from './settings.ts';
import { text } from './text.ts';

/** What `ip -j route show table 100` prints. */
const DEFAULT = { dst: 'default', gateway: '10.99.0.1', dev: 'net2', flags: [] };
const LINK = { dst: '10.99.0.0/24', dev: 'net2', scope: 'link', flags: ['linkdown'] };
const V4 = [DEFAULT, LINK];
const found = (routes: readonly object[]) => parseRoutes(JSON.stringify(routes));

test.each<[string, typeof NETWORK, readonly object[], readonly string[]]>([
  ['is as it should be', NETWORK, V4, []],
  [
    'is empty',
    NETWORK,
    [],
    [
      'IPv4: route 10.99.0.0/24 dev net2 added | ip -4 route replace 10.99.0.0/24 dev net2 table 100',
      'IPv4: route default via 10.99.0.1 dev net2 added | ip -4 route replace default via 10.99.0.1 dev net2 table 100',
    ],
  ],
  [
    'has another gateway and another network',
    NETWORK,
    [{ ...DEFAULT, gateway: '10.99.0.2' }, LINK, { dst: '10.98.0.0/24', dev: 'net2' }],
    [
      'IPv4: route default via 10.99.0.1 dev net2 added | ip -4 route replace default via 10.99.0.1 dev net2 table 100',
      'IPv4: route 10.98.0.0/24 dev net2 removed | ip -4 route del 10.98.0.0/24 dev net2 table 100',
    ],
  ],
  ["has somebody else's", NETWORK, [...V4, { dst: '10.98.0.0/24', dev: 'net3' }], []],
  ['of a tunnel is as it should be', VPN, [{ dst: 'default', dev: 'wg0', metric: 1024 }], []],
  [
    "of a tunnel has its program's",
    VPN,
    [
      { dst: 'default', dev: 'wg0' },
      { dst: '10.64.0.1', dev: 'wg0' },
    ],
    [],
  ],
  [
    'of a tunnel is empty',
    VPN,
    [],
    ['IPv4: route default dev wg0 added | ip -4 route replace default dev wg0 table 100'],
  ],
])('a table that %s is changed as needed', (_, settings, routes, changes) => {
  expect(text(routeChanges(settings, 'IPv4', found(routes)))).toEqual(changes);
});

test('a route that cannot be changed is named', () => {
  expect(routeChanges(NETWORK, 'IPv6', [])[0]).toMatchObject({
    failure: "the route 'fd00:99::/64 dev net2' cannot be added",
    command: 'ip -6 route replace fd00:99::/64 dev net2 table 100'.split(' '),
  });
  expect(routeChanges(NETWORK, 'IPv4', found([...V4, { dst: '10.98.0.0/24', dev: 'net2' }]))[0]?.failure).toBe(
    "the route '10.98.0.0/24 dev net2' cannot be removed",
  );
});

test('there are none before there was ever one', () => {
  expect(parseRoutes(undefined)).toEqual([]);
});

const address = (isIPv6: boolean, isGlobal = true): AddressState => ({ address: '', isIPv6, isGlobal, isUsable: true });

test.each<[string, readonly AddressState[], object]>([
  ['both', [address(false), address(true)], { carried: ['IPv4', 'IPv6'], faults: [], notes: [] }],
  [
    'one',
    [address(false), address(true, false)],
    { carried: ['IPv4'], faults: [], notes: ['wg0 has no IPv6 address: IPv6 does not leave'] },
  ],
  [
    'none',
    [address(true, false)],
    { carried: [], faults: ['wg0 has no IPv4 address', 'wg0 has no IPv6 address'], notes: [] },
  ],
])('a tunnel that carries %s of the families', (_, addresses, expected) => {
  expect(carriedFamilies(VPN, { mac: '', mtu: 1420, isUp: true, addresses })).toEqual(expected);
});
