import { expect, test } from 'vitest';
import { missingRoutes } from '../../../fn/node/guard/missing.ts';
import { readOptions } from '../../../fn/node/guard/options.ts';
import { readIPv6Routes, readRoutes } from '../../../fn/node/guard/routes.ts';
import { guardContainer } from '../../../fn/plan/guard.ts';
import { formatAddress } from '../../../fn/net/address.ts';
import { cidrOf, formatCidr } from '../../../fn/net/cidr.ts';
import type { NetworkPlan, Route } from '../../../fn/plan/network-plan.ts';
import { planOf } from '../../plan/network.ts';

// As kernels print them.
const HEAD = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   \n';
const ETH0 = 'eth0\t00000000\t0101F40A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n';
const NET1 = 'net1\t00000001\t0132A8C0\t0003\t0\t0\t0\t000000FF\t0\t0\t0\n';
const REJECT = '*\t00000002\t00000000\t0201\t0\t0\t0\t000000FF\t0\t0\t0\n';
const ZERO = '0'.repeat(32);
const GATEWAY6 = 'fd000050000000000000000000000001';
const NET1_6 = `20000000000000000000000000000000 04 ${ZERO} 00 ${GATEWAY6} 00000400 00000001 00000000 00000003     net1\n`;
const LINK_6 = `fd000050000000000000000000000000 40 ${ZERO} 00 ${ZERO} 00000100 00000001 00000000 00000001     net1\n`;
const LO_6 = `${ZERO} 00 ${ZERO} 00 ${ZERO} ffffffff 00000001 00000000 00200200       lo\n`;

test('the routes that the kernel prints are read, without those that reject packets', () => {
  const shown = [...readRoutes(HEAD + ETH0 + NET1 + REJECT), ...readIPv6Routes(NET1_6 + LINK_6 + LO_6)].map(
    ({ device, destination, gateway }) =>
      `${formatCidr(destination)} ${gateway === undefined ? '' : `via ${formatAddress(gateway)} `}dev ${device}`,
  );
  expect(shown).toEqual([
    '0.0.0.0/0 via 10.244.1.1 dev eth0',
    '1.0.0.0/8 via 192.168.50.1 dev net1',
    '2000::/4 via fd00:50::1 dev net1',
    'fd00:50::/64 dev net1',
  ]);
  expect([...readRoutes(''), ...readIPv6Routes('')]).toEqual([]);
});

const IPv4 = planOf('{subnets: [192.168.50.0/24]}');
const BOTH = planOf('{subnets: [192.168.50.0/24, "fd00:50::/64"], cluster: {cidrs: [10.0.0.0/8, "fd00:10::/32"]}}');
const BYPASS = planOf('{subnets: [192.168.50.0/24], unservedFamily: Bypass}');

const wantedOf = (plan: NetworkPlan) => readOptions(guardContainer(plan).args);
const onNet1 = (routes: readonly Route[], device = 'net1') => [
  { device: 'eth0', destination: cidrOf('0.0.0.0/0') },
  ...routes.map((route) => ({
    device,
    destination: route.destination,
    ...(route.type === 'Gateway' && { gateway: route.gateway }),
  })),
];

test.each([
  ['of one family', IPv4],
  ['of both', BOTH],
  ['that leaves a family alone', BYPASS],
  ['of IPv6', planOf('{subnets: ["fd00:50::/64"], cluster: {cidrs: ["2001:db8::1/128"]}}')],
])('a pod has the routes of a network %s, and misses each that is taken away', (_, plan) => {
  const wanted = wantedOf(plan);
  const { clientRoutes: all } = plan;
  expect(missingRoutes(wanted, onNet1(all))).toBeUndefined();
  expect(missingRoutes(wanted, onNet1(all, 'eth1'))).toBeUndefined();
  expect(missingRoutes(wanted, onNet1(all, 'eth0'))).toContain('no interface beside eth0');
  expect(missingRoutes(wanted, onNet1([]))).toContain('no interface beside eth0');
  for (const route of all) {
    const others = all.filter((other) => other !== route);
    const isHalfOfTwo = route.type === 'Gateway' && route.destination.length === 128;
    if (!isHalfOfTwo) expect(missingRoutes(wanted, onNet1(others))).toBeDefined();
  }
});

test.each([
  [IPv4, 'there is no interface beside eth0 with routes by 192.168.50.1'],
  [BOTH, 'there is no interface beside eth0 with routes by 192.168.50.1 and fd00:50::1'],
])('a pod without the network is told what to look for', (plan, words) => {
  expect(missingRoutes(wantedOf(plan), onNet1([]))).toBe(words);
});

test('a route that another interface has is one that the network lacks', () => {
  const [first, ...others] = BOTH.clientRoutes;
  if (first === undefined) throw new Error('a client has routes');
  const routes = [...onNet1(others), { device: 'eth0', destination: first.destination }];
  expect(missingRoutes(wantedOf(BOTH), routes)).toBe(
    `net1 has no route to ${formatCidr(first.destination)} by 192.168.50.1`,
  );
});

test('a default route is none of the network: the primary interface has one, too', () => {
  const [first, ...others] = IPv4.clientRoutes;
  if (first?.type !== 'Gateway') throw new Error('a client has routes by the gateway');
  const routes = [...onNet1(others), { device: 'net1', destination: cidrOf('0.0.0.0/0'), gateway: first.gateway }];
  expect(missingRoutes(wantedOf(IPv4), routes)).toBeDefined();
});

test.each([
  ['--net=x', '--net=x: must be --network=, --gateway=, --unrouted= or --held'],
  ['--gateway=192.168.50.0/24', '--gateway=192.168.50.0/24: must be an IP address'],
  ['--unrouted=10.0.0.1/8', '--unrouted=10.0.0.1/8: must be networks, such as 10.0.0.0/8'],
])('an argument that cannot be read is quoted: %s', (option, message) => {
  expect(() => readOptions([option])).toThrow(message);
});
