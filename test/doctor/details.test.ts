import { describe, expect, test } from 'vitest';
import {
  configMap,
  customKind,
  missingPlugin,
  namespace,
  node,
  type Planted,
  pod,
  podOfDaemonSet,
} from './cluster-objects.ts';
import { cilium, CRITICAL, QUOTA } from './distributions.ts';
import { HEALTHY, multus } from './healthy.ts';
import { constraintBinding } from './openshift.ts';
import { diagnosisOf, factsOf, rendered } from './facts.ts';
import { type Case, says } from './says.ts';

const IMAGE = `ghcr.io/gateway-network-fn/gateway-network-node:v${__VERSION__}`;
const staticPod = (nodeName: string): Planted => {
  const { metadata, ...rest } = pod('static', nodeName, false);
  return { ...rest, metadata: { ...metadata, annotations: { 'kubernetes.io/config.mirror': 'a' } } };
};
const multusPodSince = (nodeName: string, lastTransitionTime: string): Planted => ({
  ...podOfDaemonSet('kube-multus-ds', nodeName),
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }] },
});
const ROUTER_CLASS = { 'gateway.priorityClassName': 'system-cluster-critical' };
const quotaFor = (expression: object): Planted => ({
  ...QUOTA,
  spec: { scopeSelector: { matchExpressions: [expression] } },
});
const ISOLATED = ['--multus-conf-file=auto', '--namespace-isolation'];
const withImage = (number: number): Planted => {
  const { status, ...rest } = node(number);
  return { ...rest, status: { ...(status as object), images: [{ names: [IMAGE] }] } };
};

describe('other checks', () => {
  test.each<readonly [string, string, Case, readonly string[]]>([
    ['an image that is on all nodes', 'images', { put: [1, 2].map(withImage) }, [`ok ${IMAGE} is on all of its nodes`]],
    [
      'an image that is on one',
      'images',
      { put: [withImage(1)], fields: { 'images.pullSecrets': ['registry'] } },
      [
        `unknown ${IMAGE} is not told to be on node2, and will be pulled with the Secret registry: only a pull shows whether it can be`,
      ],
    ],
    [
      'a plugin that was not found for a pod that runs now',
      'cni-plugins',
      { put: [missingPlugin('tuning'), pod('client-0', 'node2', true, 'apps')] },
      [
        'unknown no event tells of a missing plugin, and files on a node are not told by the API; needed are bridge, tuning, whereabouts',
      ],
    ],
    [
      'namespaces that all may name',
      'namespace-isolation',
      { put: multus('thin', { args: [...ISOLATED, '--global-namespaces=default,egress'] }) },
      ['ok Multus isolates namespaces, and lets all name the attachments of egress'],
    ],
    [
      'clients with an attachment of their own',
      'namespace-isolation',
      {
        put: multus('thin', { args: ISOLATED }),
        fields: {
          clients: [{ selector: { matchLabels: { egress: 'vpn' } }, namespaces: ['apps'], attachment: 'PerNamespace' }],
        },
      },
      ['ok Multus isolates namespaces, and no client is seen that names an attachment of egress/vpn from another'],
    ],
    [
      'Multus by a file of the nodes',
      'namespace-isolation',
      { put: multus('thin', { args: [] }) },
      [
        'unknown the configuration of Multus is not told by any object that is known: whether it isolates namespaces is not seen',
      ],
    ],
    [
      'a quota for the classes of the system',
      'priority-classes',
      { fields: CRITICAL, put: [QUOTA] },
      [
        'ok a ResourceQuota of egress lets pods have the class system-node-critical',
        'ok a ResourceQuota of egress lets pods have the class system-cluster-critical',
      ],
    ],
    [
      'a quota for all classes',
      'priority-classes',
      { fields: ROUTER_CLASS, put: [quotaFor({ operator: 'Exists', scopeName: 'PriorityClass' })] },
      ['ok a ResourceQuota of egress lets pods have the class system-cluster-critical'],
    ],
    ...[
      { operator: 'In', scopeName: 'PriorityClass', values: ['high'] },
      { operator: 'NotIn', scopeName: 'PriorityClass', values: ['system-cluster-critical'] },
      { operator: 'Exists', scopeName: 'BestEffort' },
    ].map((expression): readonly [string, string, Case, readonly string[]] => [
      `a quota for others: ${expression.operator} ${expression.scopeName}`,
      'priority-classes',
      { fields: ROUTER_CLASS, put: [quotaFor(expression)] },
      [
        'unknown pods of egress would have the class system-cluster-critical, and no ResourceQuota there names it: whether this cluster needs one is not told',
      ],
    ]),
    [
      'no quota for them',
      'priority-classes',
      { fields: ROUTER_CLASS },
      [
        'unknown pods of egress would have the class system-cluster-critical, and no ResourceQuota there names it: whether this cluster needs one is not told',
      ],
    ],
    [
      'a namespace without a label',
      'privileged',
      { put: [namespace('egress')] },
      [
        'unknown the namespace egress has no label pod-security.kubernetes.io/enforce: which level the API server takes then is not told',
      ],
    ],
    [
      'a namespace whose label comes with the input',
      'privileged',
      {
        put: [namespace('egress')],
        input: [namespace('egress', { 'pod-security.kubernetes.io/enforce': 'privileged' })],
      },
      ['ok the namespace egress allows privileged pods'],
    ],
    [
      'policies that a CNI enforces',
      'network-policies',
      {
        put: cilium(),
        fields: {
          clients: [{ selector: { matchLabels: { egress: 'vpn' } }, namespaces: ['apps'], networkPolicy: 'Enabled' }],
        },
      },
      ['unknown Cilium enforces NetworkPolicies by its documentation; only a pod that tries shows whether they are'],
    ],
    [
      'a kernel of today',
      'tunnel',
      { example: 'vpn-wireguard' },
      [
        'unknown all nodes of routers have Linux 5.6 or later, of which WireGuard is a part where it was built; modules are not told by the API',
      ],
    ],
    [
      'an older kernel with its module',
      'tunnel',
      {
        example: 'vpn-wireguard',
        put: [
          node(2, {
            info: { kernelVersion: '4.19.0' },
            labels: { 'feature.node.kubernetes.io/kernel-loadedmodule.wireguard': 'true' },
          }),
        ],
      },
      [
        'unknown all nodes of routers have Linux 5.6 or later, of which WireGuard is a part where it was built; modules are not told by the API',
      ],
    ],
    [
      'a tunnel in user space',
      'tunnel',
      {
        example: 'vpn-wireguard',
        fields: { 'gateway.egress.vpn.wireGuard.implementation': 'Userspace' },
        put: [node(2, { info: { kernelVersion: '4.19.0' } })],
      },
      ['unknown /dev/net/tun is needed on the nodes of routers, and devices are not told by the API'],
    ],
    [
      'a pod of the system that Multus has not attached',
      'first-configuration',
      { put: [pod('coredns', 'node2', false, 'kube-system')], remove: ['Pod web-node2'] },
      [
        'unknown no pod tells whether Multus is asked on node2, and files on a node are not told by the API',
        'ok Multus has attached the youngest pod on 1 of 2 nodes',
      ],
    ],
    [
      'a node that Multus has left',
      'first-configuration',
      { remove: ['Pod kube-multus-ds-node2'] },
      [
        'unknown no pod tells whether Multus is asked on node2, and files on a node are not told by the API',
        'ok Multus has attached the youngest pod on 1 of 2 nodes',
      ],
    ],
    [
      'a static pod that Multus has not attached',
      'first-configuration',
      { put: [staticPod('node2')], remove: ['Pod web-node2'] },
      [
        'unknown no pod tells whether Multus is asked on node2, and files on a node are not told by the API',
        'ok Multus has attached the youngest pod on 1 of 2 nodes',
      ],
    ],
    [
      'a pod of the first minute of Multus',
      'first-configuration',
      { put: [multusPodSince('node2', '2026-01-01T00:59:30Z'), pod('web-node2', 'node2', false)] },
      [
        'unknown no pod tells whether Multus is asked on node2, and files on a node are not told by the API',
        'ok Multus has attached the youngest pod on 1 of 2 nodes',
      ],
    ],
    [
      'admission policies that are served',
      'kubernetes',
      { example: 'admission' },
      ['ok Kubernetes v1.37.2', 'ok MutatingAdmissionPolicy is served', 'ok ValidatingAdmissionPolicy is served'],
    ],
    [
      'a Corefile that is not seen',
      'cluster-domain',
      { put: [configMap('coredns', {})] },
      ['unknown the domain of the cluster is not told by a Corefile of CoreDNS'],
    ],
    [
      'OpenShift, and its list of sysctls is not there',
      'sysctls',
      { put: [customKind('clusterversions.config.openshift.io', 'ClusterVersion')] },
      ['unknown the list of the sysctls that OpenShift allows is not seen'],
    ],
    [
      'constraints elsewhere than in OpenShift',
      'privileged',
      { put: [constraintBinding('a')] },
      ['ok the namespace egress allows privileged pods'],
    ],
  ])('%s', (_, check, given, lines) => {
    expect(says(check, given)).toEqual(lines);
  });
});

test('a kind of policies that is not served', () => {
  const facts = { ...factsOf(HEALTHY, 'v1.35.0'), admissionKinds: { items: ['validatingadmissionpolicies'] } };
  const { findings } = diagnosisOf(facts, rendered('admission'));
  expect(findings.filter(({ state }) => state === 'error').map(({ seen, advice }) => `${seen}: ${advice}`)).toEqual([
    'MutatingAdmissionPolicy is not served: upgrade to Kubernetes 1.36, or do without `join: Admission`',
  ]);
});
