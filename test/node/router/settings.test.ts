import { expect, test } from 'vitest';
import { settingsOf } from '../../../fn/node/router/settings.ts';
import { NETWORK, settingsFor, VPN } from './settings.ts';

const ONE = settingsFor('{subnets: [192.168.50.0/24], overlay: {vni: 7}}');

test.each<[string, ReturnType<typeof settingsFor>, object]>([
  [
    "the cluster's network",
    ONE,
    { egress: 'eth0', families: ['IPv4'], hasOwnWay: false, upstreams: [], caller: undefined, isWatchful: false },
  ],
  [
    'another network',
    NETWORK,
    {
      egress: 'net2',
      families: ['IPv4', 'IPv6'],
      hasOwnWay: true,
      upstreams: [],
      caller: 'fd00:50::1',
      isWatchful: true,
    },
  ],
  [
    "the cluster's network, with a resolver",
    settingsFor(
      '{subnets: [192.168.50.0/24], overlay: {vni: 7}, clients: [{names: [a], dns: Gateway}], gateway: {dns: {upstreams: [203.0.113.53]}}}',
    ),
    { upstreams: [] },
  ],
  ['a tunnel', VPN, { egress: 'wg0', upstreams: ['203.0.113.53', '2001:db8::53'], isWatchful: true }],
  [
    "the cluster's network, by one of two routers",
    settingsFor('{subnets: [192.168.50.0/24], overlay: {vni: 7}, gateway: {replicas: 2}}'),
    { isWatchful: true, others: [{ name: 'vpn-router-1' }] },
  ],
  [
    "the cluster's network, which is asked for somebody outside",
    settingsFor('{subnets: [192.168.50.0/24], overlay: {vni: 7}, gateway: {healthCheck: {addresses: [203.0.113.1]}}}'),
    { isWatchful: true },
  ],
])('what a router does whose egress is %s', (_, settings, expected) => {
  expect(settings).toMatchObject(expected);
});

test.each(['', '1', '-1', 'x', '0x0', '1e0', '00000'])('there is no router of the index %j', (index) => {
  expect(settingsOf(ONE.config, index)).toBeUndefined();
});
