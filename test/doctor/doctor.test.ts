import { describe, expect, test } from 'vitest';
import type { Facts } from '../../fn/cluster/facts.ts';
import { diagnose } from '../../fn/doctor/doctor.ts';
import { CHECKS } from '../../fn/doctor/registry.ts';
import { keyOf, type Planted, replaced, secret, without } from './cluster-objects.ts';
import { HEALTHY, multus } from './healthy.ts';
import { CRITICAL } from './distributions.ts';
import { diagnosisOf, factsOf, faultsOf, rendered } from './facts.ts';
import type { Fault } from './fault.ts';
import { FAULTS_OF_NETWORKS } from './faults-of-networks.ts';
import { FAULTS_OF_PLUGINS } from './faults-of-plugins.ts';
import { FAULTS_OF_RELEASES } from './faults-of-releases.ts';

const VERSION = 'v1.37.2';

/** Every kind of object that is listed, as if it were forbidden. */
const LISTS = Object.entries(factsOf([]))
  .filter(([, value]) => typeof value === 'object' && 'items' in value)
  .map(([name]) => name as keyof Facts);
const FORBIDDEN = { unseen: 'forbidden' };

function clusterWith({ put = [], remove = [] }: Fault): readonly Planted[] {
  return replaced(without(HEALTHY, ...remove), ...put);
}

/** Without what the input itself would put right. */
function networkOf({ put = [], example, fields }: Fault): readonly Planted[] {
  const planted = new Set(put.map(keyOf));
  return rendered(example, fields).filter((one) => !planted.has(keyOf(one)));
}

describe('a fault is the only one that is told:', () => {
  const all = [
    ...[...FAULTS_OF_PLUGINS, ...FAULTS_OF_NETWORKS].map((fault) => ({ version: VERSION, ...fault })),
    ...FAULTS_OF_RELEASES,
  ];

  test.each(all)('$title', (fault) => {
    const found = diagnosisOf(factsOf(clusterWith(fault), fault.version), networkOf(fault));
    expect(faultsOf(found)).toEqual([fault.says]);
    expect(found.ok).toBe(!fault.says.startsWith('error'));
  });

  test('each check has one', () => {
    const found = new Set(all.map(({ says }) => /^\w+ ([^:]+):/.exec(says)?.[1]));
    expect(CHECKS.map(({ name }) => name).filter((name) => !found.has(name))).toEqual([]);
  });
});

test.each([
  'multi-node',
  'single-node',
  'ha-vrrp',
  'vpn-wireguard',
  'vpn-gluetun',
  'admission',
  'node-network-operator',
])('a healthy cluster has no fault for examples/%s', (name) => {
  const objects = [...HEALTHY, secret('wireguard', 'wg0.conf'), secret('gluetun', 'WIREGUARD_PRIVATE_KEY')];
  expect(faultsOf(diagnosisOf(factsOf(objects), rendered(name)))).toEqual([]);
});

describe('what may not be seen is no fault, and not well either:', () => {
  const facts = factsOf([...HEALTHY, secret('wireguard', 'wg0.conf')]);
  const statesOf = (some: Facts) => {
    const { findings } = diagnosisOf(some, rendered('vpn-wireguard'));
    return new Map(findings.map(({ check, network, seen, state }) => [`${check} ${network ?? ''} ${seen}`, state]));
  };

  test.each(LISTS)('%s', (name) => {
    const some = { ...facts, [name]: FORBIDDEN };
    expect(faultsOf(diagnosisOf(some, rendered('vpn-wireguard')))).toEqual([]);
  });

  test.each<readonly [keyof Facts, string]>([
    ['nodes', 'multus'],
    ['nodes', 'nodes'],
    ['nodes', 'images'],
    ['nodes', 'tunnel'],
    ['nodes', 'subnets'],
    ['nodes', 'cluster-cidrs'],
    ['customKinds', 'multus'],
    ['customKinds', 'whereabouts'],
    ['daemonSets', 'multus'],
    ['daemonSets', 'whereabouts'],
    ['daemonPods', 'multus'],
    ['daemonPods', 'whereabouts'],
    ['pods', 'first-configuration'],
    ['failures', 'cni-plugins'],
    ['serviceCidrs', 'cluster-cidrs'],
    ['installed', 'subnets'],
    ['installed', 'vxlan'],
    ['configMaps', 'vxlan'],
    ['configMaps', 'cluster-domain'],
    ['priorityClasses', 'priority-classes'],
    ['quotas', 'priority-classes'],
  ])('%s, in the words of %s', (name, check) => {
    const { findings } = diagnosisOf({ ...facts, [name]: FORBIDDEN }, rendered('vpn-wireguard', CRITICAL));
    const said = findings.filter((one) => one.check === check && one.seen.includes('forbidden'));
    expect(new Set(said.map(({ state }) => state))).toEqual(new Set(['unknown']));
  });

  test('DaemonSets of k3s, whose flannel is none of them', () => {
    const found = diagnosisOf({ ...factsOf(HEALTHY, 'v1.34.2+k3s1'), daemonSets: FORBIDDEN });
    expect([found.platform, found.primary]).toEqual(['k3s', undefined]);
  });

  test('pods that may name an attachment of another namespace', () => {
    const isolated = factsOf(
      replaced(HEALTHY, ...multus('thin', { args: ['--multus-conf-file=auto', '--namespace-isolation'] })),
    );
    const none = rendered().filter(({ metadata }) => metadata.name !== 'client');
    const { findings } = diagnosisOf({ ...isolated, pods: FORBIDDEN }, none);
    expect(
      findings.filter(({ check }) => check === 'namespace-isolation').map(({ state, seen }) => [state, seen]),
    ).toEqual([['unknown', 'Multus isolates namespaces, and pods cannot be seen: forbidden']]);
  });

  test('all of it', () => {
    const none = { ...facts, ...Object.fromEntries(LISTS.map((name) => [name, FORBIDDEN])) };
    const seen = [...statesOf(none)].filter(([, state]) => state !== 'unknown').map(([line]) => line);
    // These are told by the release, by the input, and by the Secret that was asked for by its name.
    expect(seen).toEqual([
      `kubernetes  Kubernetes ${VERSION}`,
      'privileged egress/vpn the namespace egress allows privileged pods',
      'secrets egress/vpn the Secret egress/wireguard is there, with wg0.conf',
    ]);
  });
});

test('without an input, the networks of the cluster are checked as far as their objects tell', () => {
  const installed = rendered('multi-node', { 'cluster.cidrs': ['10.96.0.0/12', '192.168.1.0/24'] });
  const facts = factsOf(replaced(HEALTHY, ...installed));
  expect(faultsOf(diagnose(facts, {}))).toEqual([
    'error cluster-cidrs: egress/vpn: 10.244.0.0/16 of the pods is not kept in the cluster (ConfigMap kube-flannel-cfg)',
  ]);
  expect(diagnose(facts, { namespace: 'apps' }).networks).toEqual([]);
});

test('a network that is in the cluster is not in the way of itself', () => {
  const network = rendered('ha-vrrp');
  expect(faultsOf(diagnosisOf(factsOf(replaced(HEALTHY, ...network)), network))).toEqual([]);
});
