import { describe, expect, test } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { read } from '../../fn/krm/read.ts';
import { planOf } from '../plan/network.ts';

const BY_LABEL = '{selector: {matchLabels: {egress: vpn}}}';

const said = (text: string, clients = BY_LABEL) =>
  joinClients(read(text).input, [planOf(`{subnets: [10.9.0.0/24], clients: [${clients}]}`)]).problems.map(
    ({ severity, message, field }) => `${severity} ${field?.path}: ${message}`,
  );

const TEMPLATE = '{metadata: {labels: {egress: vpn}}, spec: {containers: []}}';
const VIRTUAL = '{metadata: {labels: {egress: vpn}}, spec: {domain: {devices: {}}}}';
const object = (kind: string, spec: string, apiVersion = 'acme.example/v1', metadata = 'name: a, namespace: apps') =>
  `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {${metadata}}, spec: ${spec}}\n`;

describe('pods of a kind that is not searched', () => {
  test.each([
    ['a Knative Service', object('Service', `{template: ${TEMPLATE}}`, 'serving.knative.dev/v1'), 'spec.template'],
    ['a Deployment of old', object('Deployment', `{template: ${TEMPLATE}}`, 'extensions/v1beta1'), 'apiVersion'],
    ['a Deployment in small letters', object('deployment', `{template: ${TEMPLATE}}`, 'apps/v1'), 'kind'],
    ['a template deep inside', object('Fleet', `{a: {b: ${TEMPLATE}}}`), 'spec.a.b'],
    ['a template in a list', object('Fleet', `{a: [{b: {}}, {b: ${TEMPLATE}}]}`), 'spec.a[1].b'],
    [
      'a template with labels alone',
      object('Fleet', '{template: {metadata: {labels: {egress: vpn}}}}'),
      'spec.template',
    ],
    [
      'metadata of pods beside sidecars',
      object('Prometheus', '{containers: [], podMetadata: {labels: {egress: vpn}}}', 'monitoring.coreos.com/v1'),
      'spec.podMetadata',
    ],
    ['metadata of pods', object('Fleet', '{podMetadata: {labels: {egress: vpn}}}'), 'spec.podMetadata'],
    ['a podTemplate', object('Fleet', '{podTemplate: {metadata: {labels: {egress: vpn}}}}'), 'spec.podTemplate'],
    ['a virtual machine', object('VirtualMachine', `{template: ${VIRTUAL}}`, 'kubevirt.io/v1'), 'spec.template'],
    [
      'a pool of virtual machines',
      object(
        'VirtualMachinePool',
        `{virtualMachineTemplate: {spec: {template: ${VIRTUAL}}}}`,
        'pool.kubevirt.io/v1alpha1',
      ),
      'spec.virtualMachineTemplate.spec.template',
    ],
    [
      'what a PostgreSQL cluster hands down',
      object('Cluster', '{inheritedMetadata: {labels: {egress: vpn}}}', 'postgresql.cnpg.io/v1'),
      'spec.inheritedMetadata',
    ],
    [
      'a run of Tekton',
      object('TaskRun', '{taskRef: {name: a}, podTemplate: {}}', 'tekton.dev/v1', 'name: a, labels: {egress: vpn}'),
      'metadata',
    ],
    [
      'labels beside fields of a pod',
      object('SparkApplication', '{driver: {labels: {egress: vpn}, cores: 1, serviceAccount: spark}}'),
      'spec.driver',
    ],
    [
      'a step of an Argo Workflow',
      object('Workflow', '{templates: [{name: a, metadata: {labels: {egress: vpn}}, container: {image: a}}]}'),
      'spec.templates[0]',
    ],
    ['escapes', object('Fleet', `{template: ${TEMPLATE.replace('egress', '"\\x65gress"')}}`), 'spec.template'],
  ])('are named: %s', (_, text, place) => {
    expect(said(text)).toEqual([expect.stringContaining(`warning ${place}: \`spec.clients[0]\` of GatewayNetwork`)]);
  });

  test.each([
    ['by name', '{names: [a]}', 1],
    ['by namespace', '{namespaces: [apps]}', 1],
    ['by another name', '{names: [b]}', 0],
    ['by expression', '{selector: {matchExpressions: [{key: egress, operator: Exists}]}}', 1],
    ['by kinds that the user lists', '{names: [a], workloads: [{kind: Deployment}]}', 0],
    [
      'by an entry for the kind',
      `${BY_LABEL}, {names: [a], workloads: [{apiVersion: acme.example/v1, kind: Fleet, templatePath: spec.template}]}`,
      0,
    ],
  ])('are selected %s', (_, clients, count) => {
    const problems = said(object('Fleet', `{template: ${TEMPLATE}}`), clients);
    expect(problems.filter((line) => line.includes('is not searched for pods'))).toHaveLength(count);
  });

  test.each([
    ['no pods', object('Fleet', '{podSelector: {matchLabels: {egress: vpn}}}')],
    [
      'the template of an application',
      object(
        'ApplicationSet',
        '{template: {metadata: {labels: {egress: vpn}}, spec: {project: a}}}',
        'argoproj.io/v1alpha1',
      ),
    ],
    [
      'sidecars of an operator',
      object('Prometheus', '{containers: [{name: a}]}', 'monitoring.coreos.com/v1', 'name: a, labels: {egress: vpn}'),
    ],
    ['what a policy asks of pods', object('Policy', `{rules: [{validate: {pattern: ${TEMPLATE}}}]}`, 'kyverno.io/v1')],
    [
      'the template of nodes',
      object(
        'NodePool',
        '{template: {metadata: {labels: {egress: vpn}}, spec: {nodeClassRef: {}}}}',
        'karpenter.sh/v1',
      ),
    ],
    [
      'the template of an external Secret',
      object(
        'ExternalSecret',
        '{target: {template: {metadata: {labels: {egress: vpn}}, data: {}}}}',
        'external-secrets.io/v1',
      ),
    ],
    [
      'the template of a Secret',
      object('SealedSecret', '{template: {metadata: {labels: {egress: vpn}}}}', 'bitnami.com/v1alpha1'),
    ],
    [
      'pods that ask for the network',
      object(
        'Fleet',
        `{template: ${TEMPLATE.replace('labels', 'annotations: {k8s.v1.cni.cncf.io/networks: egress/vpn}, labels')}}`,
      ),
    ],
    [
      'what a network renders',
      object('Fleet', `{template: ${TEMPLATE}}`, undefined, 'labels: {gatewaynetwork.dev/network: x}'),
    ],
    ['what cannot be read', `${object('Fleet', `{template: ${TEMPLATE}}`).trim()} }\n`],
  ])('are none: %s', (_, text) => expect(said(text)).toEqual([]));

  test('are no virtual machines by name', () => {
    const machine = object(
      'VirtualMachine',
      '{template: {metadata: {labels: {a: b}}, spec: {domain: {}}}}',
      'kubevirt.io/v1',
    );
    expect(said(machine, '{names: [a]}').filter((line) => line.includes('is not searched for pods'))).toEqual([]);
  });

  test('are found once where aliases repeat them', () => {
    const [problem] = said(`apiVersion: acme.example/v1\nkind: Fleet\nspec:\n  a: &a ${TEMPLATE}\n  b: *a\n`);
    expect(problem).toContain('selects its pods (`spec.a`), but');
  });
});

describe('objects in lists of their kinds', () => {
  const deployment = `{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: ${TEMPLATE}}}`;

  test.each([
    [`{apiVersion: apps/v1, kind: DeploymentList, items: [${deployment}]}`, 'items[0]'],
    [
      `{apiVersion: apps/v1, kind: DeploymentList, items: [{}, {metadata: {name: a}, spec: {template: ${TEMPLATE}}}]}`,
      'items[1]',
    ],
  ])('%s are named', (text, place) => {
    expect(said(`${text}\n`)).toEqual([expect.stringContaining(`warning ${place}: \`spec.clients[0]\``)]);
  });

  test.each([
    `{apiVersion: v1, kind: DeploymentList, items: [${deployment}]}`,
    `{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: [${deployment}]}]}`,
  ])('%s of version v1 are looked at', (text) => {
    expect(said(`${text}\n`)).toEqual([]);
  });
});

describe('a label above the pods', () => {
  const labelled = 'name: a, namespace: apps, labels: {egress: vpn}';

  test.each([
    ['at a Deployment', object('Deployment', '{template: {}}', 'apps/v1', labelled), 1],
    [
      'at the template of a Job',
      object('CronJob', '{jobTemplate: {metadata: {labels: {egress: vpn}}, spec: {template: {}}}}', 'batch/v1'),
      1,
    ],
    ['at a kind that is not known', object('Fleet', '{template: {spec: {containers: []}}}', undefined, labelled), 1],
    ['at what has no pods', object('Service', '{}', 'v1', labelled), 0],
    ['at a Deployment of another entry', object('Deployment', `{template: ${TEMPLATE}}`, 'apps/v1', labelled), 0],
  ])('%s', (_, text, count) => {
    const problems = said(text).filter((line) => line.includes('this object has'));
    expect(problems).toHaveLength(count);
  });

  test('is none that a choice wants to be absent', () => {
    const text = object('Deployment', '{template: {metadata: {labels: {egress: direct}}}}', 'apps/v1');
    const problems = said(text, '{selector: {matchExpressions: [{key: egress, operator: DoesNotExist}]}}');
    expect(problems.filter((line) => line.includes('this object has'))).toEqual([]);
  });
});

test.each([
  [
    '{names: [a], namespaces: [apps, media]}',
    /metadata\.namespace: .*selects namespace "apps" or "media", but this object has no namespace/,
  ],
  [`{selector: {matchLabels: {egress: vpn}}, namespaces: [apps]}`, /metadata\.namespace/],
])('a workload without a namespace is named where %s would select it in one', (clients, message) => {
  const text = object('Deployment', `{template: ${TEMPLATE}}`, 'apps/v1', 'name: a');
  expect(said(text, clients)[0]).toMatch(message);
});
