import { expect, test } from 'vitest';
import { addressOf, peersOf, routerOf, standsInTheWay } from '../../../fn/node/routers/own-router.ts';
import { IPV6, router, SYNCHRONISED, THREE } from '../routers.ts';

test('a router is known to the others by its own address of the first family', () => {
  expect(addressOf(router(THREE, 1))).toBe('192.168.50.3');
  expect(addressOf(router(IPV6, 0))).toBe('fd00:50::2');
  expect(peersOf(THREE, router(THREE, 1))).toEqual(['192.168.50.2', '192.168.50.4']);
});

test.each(['', '3', '-1', '1.5', 'x', '1 ', '0x0', '1e0', '00000'])('there is no router of the index %j', (index) => {
  expect(routerOf(THREE, index)).toBeUndefined();
  expect(routerOf(THREE, '2')?.name).toBe('vpn-router-2');
});

const third = { ...router(THREE, 2), name: 'another', mac: '02:00:00:00:00:01' };

test.each<[string, object]>([
  ['nothing', {}],
  ['what is live', { mtu: 1300, healthCheck: ['203.0.113.1'], bridgeAnswers: false }],
  ['a live field that was not there', { egressRoutes: { networks: [], nextHops: [] } }],
  ['a router more', { routers: [...THREE.routers, third] }],
  ['a router less', { routers: THREE.routers.slice(0, 2) }],
  ['another router in the place of one', { routers: [...THREE.routers.slice(0, 2), third] }],
])('the programs of a router take %s while they run', (_, change) => {
  expect(standsInTheWay(THREE, { ...THREE, ...change }, '1')).toBeUndefined();
});

test.each<[string, object]>([
  ['routers', { routers: [router(THREE, 0), third, router(THREE, 2)] }],
  ['routers', { routers: THREE.routers.slice(0, 1) }],
  ['interface', { interface: 'net9' }],
  ['subnets', { subnets: ['192.168.51.0/24'] }],
  ['egress', { egress: SYNCHRONISED.egress }],
  ['failover', { failover: undefined }],
  ['wireGuard', { wireGuard: { implementation: 'Kernel' } }],
])('only a new pod takes a change of %s', (key, change) => {
  expect(standsInTheWay(THREE, { ...THREE, ...change }, '1')).toBe(
    `config.json: ${key} has changed, which only a new pod can take`,
  );
});
