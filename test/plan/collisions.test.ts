import { expect, test } from 'vitest';
import { findCollisions } from '../../fn/plan/collisions.ts';
import { planOf } from './network.ts';

const SPEC = '{subnets: [10.9.0.0/24], overlay: {vni: 7}}';

test('networks of different names do not collide', () => {
  expect(findCollisions([planOf(SPEC), planOf(SPEC, { name: 'scan', namespace: 'egress' })])).toEqual([]);
});

test('networks of one name in two namespaces do not collide', () => {
  expect(findCollisions([planOf(SPEC), planOf(SPEC, { name: 'vpn', namespace: 'other' })])).toEqual([]);
});

test('a network named as the router of another is refused', () => {
  const [problem, ...more] = findCollisions([
    planOf(SPEC),
    planOf(SPEC, { name: 'vpn-router-0', namespace: 'egress' }),
  ]);
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ code: 'Collision', severity: 'error', field: { path: 'metadata.name' } });
  expect(problem?.message).toContain('"vpn-router-0", like that of GatewayNetwork "egress/vpn"');
});

test('an interface name that another network derives is refused', () => {
  const first = planOf(SPEC);
  const second = planOf(`{subnets: [10.9.1.0/24], interfaces: {bridge: ${first.bridge}}}`, {
    name: 'scan',
    namespace: 'egress',
  });
  expect(findCollisions([first, second])).toMatchObject([
    { field: { path: 'spec.interfaces.bridge', currentValue: first.bridge } },
  ]);
});

test('two networks of one name cannot have an attachment in one namespace', () => {
  const local = '{subnets: [10.9.0.0/24], clients: [{namespaces: [apps], attachment: PerNamespace}]}';
  const other = planOf(local, { name: 'vpn', namespace: 'other' });
  expect(findCollisions([planOf(local), other])).toMatchObject([
    { code: 'Collision', message: expect.stringContaining('NetworkAttachmentDefinition of namespace "apps"') },
  ]);
  const resident = planOf(SPEC, { name: 'vpn', namespace: 'apps' });
  expect(findCollisions([planOf(local), resident])).toMatchObject([{ field: { path: 'metadata.name' } }]);
});

test('two networks of one name cannot have their program in one namespace', () => {
  const inbound = '{subnets: [10.9.0.0/24], clients: [{namespaces: [apps], preserveInbound: Enabled}]}';
  expect(findCollisions([planOf(inbound), planOf(inbound, { name: 'vpn', namespace: 'other' })])).toMatchObject([
    { code: 'Collision', message: expect.stringContaining('ConfigMap of namespace "apps"') },
  ]);
});

test('two networks cannot have Links of one name', () => {
  const links = '{subnets: [10.9.0.0/24], agent: {type: NodeNetworkOperator}}';
  const [first, second] = [
    { name: 'b-c', namespace: 'a' },
    { name: 'c', namespace: 'a-b' },
  ];
  expect(findCollisions([planOf(links, first), planOf(links, second)])).toMatchObject([
    { code: 'Collision', field: { path: 'metadata.name', currentValue: 'a-b-c-bridge' } },
  ]);
  expect(findCollisions([planOf(SPEC, first), planOf(SPEC, second)])).toEqual([]);
});

test('two networks cannot have one group of interfaces, which their names are hashed to', () => {
  const [first, second] = [planOf(SPEC), planOf(SPEC, { name: 'scan', namespace: 'egress' })];
  expect(findCollisions([first, { ...second, portGroup: first.portGroup }])).toMatchObject([
    { code: 'Collision', message: expect.stringContaining('group of interfaces') },
  ]);
});
