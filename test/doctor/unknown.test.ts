import { describe, expect, test } from 'vitest';
import type { Facts } from '../../fn/cluster/facts.ts';
import { node, type Planted, pod, podOfDaemonSet, replaced } from './cluster-objects.ts';
import { diagnosisOf, factsOf, rendered } from './facts.ts';
import { HEALTHY, multus } from './healthy.ts';
import { OPENSHIFT } from './openshift.ts';
import { type Case, says } from './says.ts';

/** What a check says of facts. */
const saysOf = (check: string, facts: Facts, objects = rendered()) =>
  diagnosisOf(facts, objects)
    .findings.filter((one) => one.check === check)
    .map(({ state, seen }) => `${state} ${seen}`);

const NO_NODE = HEALTHY.filter(({ kind }) => kind !== 'Node');
/** With podCIDRs of their own, and not of a pool. */
const NO_POOL = ['DaemonSet kube-flannel-ds', 'ConfigMap kube-flannel-cfg'];
const bare = (number: number, spec: object, addresses: readonly object[]): Planted => {
  const { status, ...rest } = node(number, { spec });
  return { ...rest, status: { ...(status as object), addresses } };
};
const WITHOUT_CIDR = { podCIDR: undefined, podCIDRs: undefined };
const ADDRESS = [{ type: 'InternalIP', address: '192.168.1.2' }];

describe('what could not be seen is not well:', () => {
  test.each(['multus', 'whereabouts'])('%s, where nodes are forbidden', (check) => {
    const said = saysOf(check, { ...factsOf(HEALTHY), nodes: { unseen: 'forbidden' } });
    expect(said).toContain('unknown nodes cannot be seen: forbidden');
    expect(said.filter((line) => line.includes('of 0 nodes'))).toEqual([]);
  });

  test.each(['multus', 'whereabouts', 'images'])('%s, where there is no node', (check) => {
    const said = saysOf(check, factsOf(NO_NODE));
    expect(said.filter((line) => line.startsWith('ok') && line.includes('nodes'))).toEqual([]);
    expect(said.join('\n')).toMatch(/^unknown .*no node/m);
  });

  const GAPS: readonly (readonly [string, Case, string])[] = [
    ['a node without an address', { put: [bare(2, {}, [])] }, 'the addresses of node2 are not told'],
    [
      'a node without a subnet for its pods, as a virtual one',
      { put: [bare(2, WITHOUT_CIDR, ADDRESS)], remove: NO_POOL },
      'the network of the pods of node2 is not told',
    ],
    [
      'Services alone',
      {
        remove: ['ServiceCIDR kubernetes'],
        put: [
          {
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 'kubernetes', namespace: 'default' },
            spec: { clusterIPs: ['10.96.0.1'] },
          },
        ],
      },
      'of the networks of the Services, only addresses that are used are told',
    ],
    ['no Service', { remove: ['ServiceCIDR kubernetes'] }, 'the networks of the Services are not told by any object'],
  ];

  test.each(GAPS)('networks of the cluster, with %s', (_, given, gap) => {
    expect(says('cluster-cidrs', given)).toEqual([`unknown ${gap}`]);
    expect(says('subnets', given)).toEqual([
      `unknown nothing is seen that uses 192.168.50.0/24, but not all is: ${gap}`,
    ]);
  });

  test('namespaces that Multus isolates, where not all pods were looked at', () => {
    const isolating = multus('thin', { args: ['--multus-conf-file=auto', '--namespace-isolation'] });
    const facts = factsOf(replaced(HEALTHY, ...isolating));
    const pods = { ...facts.pods, isCut: true };
    const fields = {
      clients: [{ selector: { matchLabels: { egress: 'vpn' } }, namespaces: ['apps'], attachment: 'PerNamespace' }],
    };
    expect(saysOf('namespace-isolation', { ...facts, pods }, rendered('multi-node', fields))).toEqual([
      'unknown Multus isolates namespaces, and of all pods only 2 were looked at: none of them names an attachment of egress/vpn from another',
    ]);
  });

  test('a node that is lost has no router', () => {
    const lost = [1, 2].map((number): Planted => {
      const { status, ...rest } = node(number);
      return { ...rest, status: { ...(status as object), conditions: [{ type: 'Ready', status: 'Unknown' }] } };
    });
    expect(says('nodes', { put: lost })).toEqual([
      'error 1 routers need a node each, and 0 of 2 are chosen, ready and not tainted',
    ]);
  });
});

test('a pod of Multus that was evicted does not count beside one that is ready', () => {
  const evicted = { ...podOfDaemonSet('kube-multus-ds', 'node2', 'kube-system', false) };
  const second = {
    ...evicted,
    metadata: { ...evicted.metadata, name: 'z' },
    status: { phase: 'Failed', reason: 'Evicted' },
  };
  expect(says('multus', { put: [second] })).toEqual([
    'ok the DaemonSet kube-system/kube-multus-ds is ready on 2 of 2 nodes',
  ]);
});

test('OpenShift tells the network of its Services', () => {
  const [line] = saysOf('cluster-cidrs', factsOf(OPENSHIFT, 'v1.33.5'));
  expect(line).toBe('ok the networks of pods, Services and nodes stay in the cluster');
});

test('on OpenShift, pods that name no account have the default one', () => {
  const objects = rendered().map((one): Planted => {
    const text = JSON.stringify(one).replaceAll(/"serviceAccountName":"[^"]*"/g, '"serviceAccountName":null');
    return JSON.parse(text, (_, value: unknown) => value ?? undefined) as Planted;
  });
  expect(saysOf('privileged', factsOf(OPENSHIFT, 'v1.33.5'), objects)).toContain(
    'error the ServiceAccount egress/default may not use the security context constraint privileged',
  );
});

test('of two networks with like names, Multus isolates the clients of each', () => {
  const isolating = multus('thin', { args: ['--multus-conf-file=auto', '--namespace-isolation'] });
  const client = {
    ...pod('a', 'node1', true, 'apps'),
    metadata: { name: 'a', namespace: 'apps', annotations: { 'k8s.v1.cni.cncf.io/networks': 'egress/vpn-2' } },
  };
  const own = {
    clients: [{ selector: { matchLabels: { egress: 'vpn' } }, namespaces: ['apps'], attachment: 'PerNamespace' }],
  };
  const said = saysOf(
    'namespace-isolation',
    factsOf(replaced(HEALTHY, ...isolating, client)),
    rendered('multi-node', own),
  );
  expect(said).toEqual([
    'ok Multus isolates namespaces, and no client is seen that names an attachment of egress/vpn from another',
  ]);
});
