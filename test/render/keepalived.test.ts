import type { V1Deployment } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { disruptionBudgets } from '../../fn/render/disruption-budget.ts';
import { routerData } from '../../fn/render/router-data.ts';
import { routers } from '../../fn/render/router.ts';
import { planOf } from '../plan/network.ts';

const BOTH = 'subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}';
const SHARED =
  'egress: {type: Network, network: {attachment: {name: lan}, addresses: [10.9.0.11/24, 10.9.0.12/24, "fd00:9::11/64", "fd00:9::12/64"], gateways: [10.9.0.1, "fd00:9::1"], snatAddresses: [10.9.0.50, "fd00:9::50"]}}';
const ONE = planOf(`{${BOTH}}`);
const THREE = planOf(`{${BOTH}, gateway: {replicas: 3}}`);
const SYNCHRONISED = planOf(`{${BOTH}, gateway: {replicas: 2, ${SHARED}}}`);

function deployments(plan: typeof ONE): readonly V1Deployment[] {
  return routers(plan).filter((object) => object.kind === 'Deployment') as V1Deployment[];
}

test('the programs of a router find in its data what moves and who the others are', () => {
  expect(routerData(SYNCHRONISED).failover).toEqual({
    addresses: ['192.168.50.1/24', 'fd00:50::1/128'],
    egressAddresses: ['10.9.0.50/24', 'fd00:9::50/128'],
    synchronised: true,
  });
  expect(routerData(THREE).routers.map(({ addresses }) => addresses[0])).toEqual([
    '192.168.50.2/24',
    '192.168.50.3/24',
    '192.168.50.4/24',
  ]);
  const [, second] = deployments(THREE);
  const containers = second?.spec?.template.spec?.containers ?? [];
  expect(containers.map(({ name, command, env }) => [name, command?.join(' '), env])).toEqual([
    ['router', 'gateway-network router run', [{ name: 'ROUTER', value: '1' }]],
    ['keepalived', 'gateway-network vrrp run', [{ name: 'ROUTER', value: '1' }]],
  ]);
});

test('each program has the capabilities that it needs and no others', () => {
  const [first] = deployments(SYNCHRONISED);
  const containers = first?.spec?.template.spec?.containers ?? [];
  expect(containers.map(({ name, securityContext }) => [name, securityContext?.capabilities?.add])).toEqual([
    ['router', ['NET_ADMIN']],
    ['keepalived', ['NET_ADMIN', 'NET_RAW']],
    ['connections', ['NET_ADMIN']],
  ]);
});

test('a router more leaves the others as they are, and of another address one alone is replaced', () => {
  const templates = (plan: typeof ONE) => deployments(plan).map(({ spec }) => spec?.template);
  const two = planOf(`{${BOTH}, gateway: {replicas: 2}}`);
  expect(templates(THREE).slice(0, 2)).toEqual(templates(two));
  const shared = (second: string) =>
    templates(planOf(`{${BOTH}, gateway: {replicas: 2, ${SHARED.replace('10.9.0.12', second)}}}`));
  expect(shared('10.9.0.13')[0]).toEqual(shared('10.9.0.12')[0]);
  expect(shared('10.9.0.13')[1]).not.toEqual(shared('10.9.0.12')[1]);
});

test('routers run on different nodes, and go one after another', () => {
  const specs = deployments(THREE).map(({ spec }) => spec?.template.spec);
  const delay = specs.map((spec) => [
    spec?.terminationGracePeriodSeconds,
    spec?.containers.map(({ lifecycle }) => lifecycle?.preStop?.exec?.command?.join(' ')),
  ]);
  expect(delay).toEqual([
    [5, [undefined, undefined]],
    [25, ['sleep 20', 'sleep 20']],
    [45, ['sleep 40', 'sleep 40']],
  ]);
  const matchLabels = { 'app.kubernetes.io/component': 'router', 'gatewaynetwork.dev/network': 'vpn' };
  expect(specs[2]?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toEqual([
    { labelSelector: { matchLabels }, topologyKey: 'kubernetes.io/hostname' },
  ]);
  expect(disruptionBudgets(THREE)[0]?.spec).toEqual({ maxUnavailable: 1, selector: { matchLabels } });
});

test('a router alone has nothing of all that', () => {
  expect(disruptionBudgets(ONE)).toEqual([]);
  expect(routerData(ONE).failover).toBeUndefined();
  const [spec] = deployments(ONE).map((deployment) => deployment.spec?.template.spec);
  expect(spec?.affinity).toBeUndefined();
  expect(spec?.containers.map(({ name }) => name)).toEqual(['router']);
});
