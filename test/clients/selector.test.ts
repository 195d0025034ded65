import { describe, expect, test } from 'vitest';
import { searchFor } from '../../fn/clients/search.ts';
import { selects } from '../../fn/clients/selector.ts';
import { readWorkloads } from '../../fn/clients/workload.ts';
import { identityOf } from '../../fn/krm/item.ts';
import { read } from '../../fn/krm/read.ts';
import { planOf } from '../plan/network.ts';

const KNOWN: readonly (readonly string[])[] = [[], ['spec', 'template'], ['spec', 'jobTemplate', 'spec', 'template']];

const object = (text: string) => {
  const [item] = read(text).input.items;
  const identity = item && identityOf(item);
  if (item === undefined || identity === undefined) throw new Error('no item');
  return { item, identity, pods: readWorkloads(item, identity, KNOWN) };
};
const workload = (labels: string, namespace = 'apps') => {
  const found = object(
    `{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: ${namespace}, labels: ${labels}}}\n`,
  );
  const [pod] = found.pods;
  if (pod === undefined) throw new Error('no pod');
  return { ...found, pod };
};
const network = (clients: string) => planOf(`{subnets: [10.9.0.0/24], clients: [${clients}]}`);
const choice = (clients: string) => {
  const [plan] = network(clients).clients;
  if (plan === undefined) throw new Error('no clients');
  return plan;
};

/** Whether an object is parsed to see whether it is selected. */
const maySelect = (clients: string, { item, identity }: Pick<ReturnType<typeof object>, 'item' | 'identity'>) =>
  searchFor([network(clients)])
    .kindOf(identity)
    .plansFor(item, identity).length > 0;

describe.each([
  ['{selector: {matchLabels: {egress: vpn}}}', '{egress: vpn, app: x}', true],
  ['{selector: {matchLabels: {egress: vpn}}}', '{egress: direct}', false],
  ['{selector: {matchLabels: {egress: vpn, tier: a}}}', '{egress: vpn}', false],
  ['{selector: {matchLabels: {egress: "yes"}}}', '{egress: "yes"}', true],
  ['{selector: {matchExpressions: [{key: egress, operator: In, values: [vpn, scan]}]}}', '{egress: scan}', true],
  ['{selector: {matchExpressions: [{key: egress, operator: In, values: [vpn, scan]}]}}', '{}', false],
  ['{selector: {matchExpressions: [{key: egress, operator: NotIn, values: [vpn]}]}}', '{egress: scan}', true],
  ['{selector: {matchExpressions: [{key: egress, operator: NotIn, values: [vpn]}]}}', '{}', true],
  ['{selector: {matchExpressions: [{key: egress, operator: NotIn, values: [vpn]}]}}', '{egress: vpn}', false],
  ['{selector: {matchExpressions: [{key: egress, operator: Exists}]}}', '{egress: ""}', true],
  ['{selector: {matchExpressions: [{key: egress, operator: Exists}]}}', '{}', false],
  ['{selector: {matchExpressions: [{key: egress, operator: DoesNotExist}]}}', '{}', true],
  ['{selector: {matchExpressions: [{key: egress, operator: DoesNotExist}]}}', '{egress: vpn}', false],
  ['{selector: {matchLabels: {egress: vpn}, matchExpressions: [{key: b, operator: Exists}]}}', '{egress: vpn}', false],
  ['{selector: {matchLabels: {egress: vpn}}, namespaces: [apps]}', '{egress: vpn}', true],
  ['{selector: {matchLabels: {egress: vpn}}, namespaces: [other]}', '{egress: vpn}', false],
  ['{names: [o, p]}', '{}', true],
  ['{names: [o]}', '{}', false],
  ['{names: [p], selector: {matchLabels: {egress: vpn}}}', '{}', false],
  ['{namespaces: [apps]}', '{}', true],
  ['{workloads: [{kind: Job}, {kind: Pod}]}', '{}', true],
  ['{workloads: [{kind: Pod, apiVersion: v1}]}', '{}', true],
  ['{workloads: [{kind: Deployment}], names: [p]}', '{}', false],
])('%s over labels %s', (clients, labels, expected) => {
  const { item, identity, pod } = workload(labels);

  test(expected ? 'selects' : 'does not select', () => expect(selects(choice(clients), pod)).toBe(expected));

  test('never misses a workload by its bytes', () => {
    if (expected) expect(maySelect(clients, { item, identity })).toBe(true);
  });
});

test('a label that is spelled with an escape is seen', () => {
  const { item, identity, pod } = workload('{"egr\\u0065ss": vpn}');
  expect(maySelect('{selector: {matchLabels: {egress: vpn}}}', { item, identity })).toBe(true);
  expect(selects(choice('{selector: {matchLabels: {egress: vpn}}}'), pod)).toBe(true);
});

test('a workload without the label is told apart without parsing', () => {
  const { item, identity } = workload('{app: x}');
  expect(maySelect('{selector: {matchLabels: {egress: vpn}}}', { item, identity })).toBe(false);
});

const TEMPLATE = '{metadata: {labels: {egress: vpn}}}';

test.each([
  ['apps/v1', 'Deployment', `{template: ${TEMPLATE}}`, true],
  ['apps/v1', 'StatefulSet', `{template: ${TEMPLATE}}`, true],
  ['apps/v1', 'DaemonSet', `{template: ${TEMPLATE}}`, true],
  ['apps/v1', 'ReplicaSet', `{template: ${TEMPLATE}}`, true],
  ['v1', 'ReplicationController', `{template: ${TEMPLATE}}`, true],
  ['batch/v1', 'Job', `{template: ${TEMPLATE}}`, true],
  ['batch/v1', 'CronJob', `{jobTemplate: {spec: {template: ${TEMPLATE}}}}`, true],
  ['argoproj.io/v1alpha1', 'Rollout', `{template: ${TEMPLATE}}`, true],
  ['argoproj.io/v1alpha1', 'Rollout', '{workloadRef: {kind: Deployment, name: w}}', false],
  ['acme.example/v1', 'Deployment', `{template: ${TEMPLATE}}`, false],
  ['acme.example/v1', 'Fleet', `{template: ${TEMPLATE}}`, false],
])('%s %s %s is looked at: %s', (apiVersion, kind, spec, expected) => {
  const { item, identity, pods } = object(
    `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: w}, spec: ${spec}}\n`,
  );
  const labelled = choice('{selector: {matchLabels: {egress: vpn}}}');
  expect(
    maySelect('{selector: {matchLabels: {egress: vpn}}}', { item, identity }) &&
      pods.some((pod) => selects(labelled, pod)),
  ).toBe(expected);
});

test('a kind that the user names is looked at where the user says, in every version', () => {
  const named = choice('{workloads: [{apiVersion: acme.example/v1, kind: Fleet, templatePath: spec.template}]}');
  const fleet = (apiVersion: string) => object(`{apiVersion: ${apiVersion}, kind: Fleet, spec: {template: {}}}\n`);
  const selected = ({ pods }: ReturnType<typeof fleet>) =>
    pods.filter((pod) => selects(named, pod)).map(({ path }) => path);
  expect(selected(fleet('acme.example/v2'))).toEqual([['spec', 'template']]);
  expect(selected(fleet('other.example/v1'))).toEqual([]);
});
