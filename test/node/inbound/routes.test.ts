import { expect, test } from 'vitest';
import { type Observed, type Route, routeChanges, ruleChanges } from '../../../fn/node/inbound/routes.ts';

const DEFAULT: Route = { dst: 'default', gateway: '10.244.1.1', flags: [] };
const NONE: Observed = { routes: [], addresses: [], rules: [] };

test.each<[string, Route, string]>([
  ['by a gateway', DEFAULT, 'default via 10.244.1.1'],
  [
    'of a subnet',
    { dst: '10.244.1.0/24', scope: 'link', prefsrc: '10.244.1.5', flags: [] },
    '10.244.1.0/24 src 10.244.1.5 scope link',
  ],
  [
    'with what is measured of the way',
    { ...DEFAULT, dst: '10.0.0.0/8', metrics: [{ mtu: 1400, advmss: 1300 }] },
    '10.0.0.0/8 via 10.244.1.1 mtu 1400 advmss 1300',
  ],
  ['that is on the link whatever the subnets are', { ...DEFAULT, flags: ['onlink'] }, 'default via 10.244.1.1 onlink'],
  ['that has lost its link', { ...DEFAULT, flags: ['dead', 'linkdown'] }, 'default via 10.244.1.1'],
  [
    'by a gateway of the other family',
    { dst: 'default', via: { family: 'inet6', host: 'fe80::1' } },
    'default via inet6 fe80::1',
  ],
  ['of IPv6', { dst: 'default', gateway: 'fe80::1', metric: 1024 }, 'default via fe80::1 metric 1024'],
])('a route %s is copied', (_, route, words) => {
  const changes = routeChanges('-4', 'eth0', { ...NONE, routes: [route, DEFAULT] });
  expect(changes).toHaveLength(2);
  expect(changes[0]).toEqual({
    what: `${route.dst} by eth0 in table 4799`,
    command: `ip -4 route replace ${words} dev eth0 table 4799`.split(' '),
  });
});

test('what an address sends is routed by the table, unless it is already', () => {
  const rules = [
    { src: '10.244.1.6', table: '4799' },
    { src: '10.244.1.7', table: 'main' },
  ];
  const addresses = ['10.244.1.5', '10.244.1.6', '10.244.1.7'];
  expect(ruleChanges('-4', { routes: [DEFAULT], addresses, rules })).toEqual(
    ['10.244.1.5', '10.244.1.7'].map((address) => ({
      what: `what ${address} sends`,
      command: `ip -4 rule add from ${address} lookup 4799 pref 4799`.split(' '),
    })),
  );
});

test('a family without a default route is left alone', () => {
  const observed = { ...NONE, routes: [{ dst: '10.0.0.0/8' }], addresses: ['10.244.1.5'] };
  expect(routeChanges('-4', 'eth0', observed)).toEqual([]);
  expect(ruleChanges('-4', observed)).toEqual([]);
});
