import { expect, test } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { read } from '../../fn/krm/read.ts';
import { planOf } from '../plan/network.ts';

const namespace = (name: string, labels: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}\n`;
const pod = (name: string, home: string, labels = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {${labels}}${home && `, namespace: ${home}`}}\nspec: {}\n`;

/** The names of the pods that join, and what is said. */
function joined(clients: string, ...documents: readonly string[]) {
  const plan = planOf(`{subnets: [10.9.0.0/24], clients: [${clients}]}`);
  const { edited, problems } = joinClients(read(documents.join('---\n')).input, [plan]);
  const names = [...edited.values()].flatMap((text) => /name: (\w+)/.exec(text ?? '')?.[1] ?? []);
  return { names, problems: problems.map(({ severity, message }) => `${severity}: ${message}`) };
}

const TENANT = '{namespaceSelector: {matchLabels: {tenant: a}}}';
const NAMESPACES = [namespace('apps', 'tenant: a'), namespace('other', 'tenant: b'), namespace('bare', '')];
const PODS = [pod('one', 'apps'), pod('two', 'other'), pod('three', 'bare')];

test.each([
  ['a label', TENANT, ['one']],
  ['an expression', '{namespaceSelector: {matchExpressions: [{key: tenant, operator: DoesNotExist}]}}', ['three']],
  [
    'the label that every namespace has',
    '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}}',
    ['two'],
  ],
  ['two entries together', `${TENANT}, {namespaces: [bare]}`, ['one', 'three']],
])('namespaces are selected by %s', (_, clients, names) => {
  expect(joined(clients, ...NAMESPACES, ...PODS)).toEqual({ names, problems: [] });
});

test.each([
  ['names', '{names: [one], namespaceSelector: {matchExpressions: [{key: tenant, operator: Exists}]}}', ['one']],
  [
    'namespaces',
    '{namespaces: [other], namespaceSelector: {matchExpressions: [{key: tenant, operator: Exists}]}}',
    ['two'],
  ],
])('%s must match as well', (_, clients, names) => {
  expect(joined(clients, ...NAMESPACES, ...PODS)).toEqual({ names, problems: [] });
});

test('workloads of namespaces that are not in the input are an error, one for each namespace', () => {
  const { problems } = joined(TENANT, ...NAMESPACES, ...PODS, pod('four', 'far'), pod('five', 'far'), pod('six', ''));
  expect(problems).toEqual([
    'error: `spec.clients[0].namespaceSelector` cannot be compared for 2 workloads in namespace "far", whose labels are not known, so their traffic could bypass the gateway: ' +
      'add the Namespace object to the input, select the namespace by its name with `namespaces`, or use `join: Admission`',
    'error: `spec.clients[0].namespaceSelector` cannot be compared for 1 workload without `metadata.namespace`, so their traffic could bypass the gateway: set it',
  ]);
});

test('a namespace that is not in the input is nothing to a workload that the rest of the entry does not select', () => {
  const labelled = `{selector: {matchLabels: {egress: vpn}}, namespaceSelector: {matchLabels: {tenant: a}}}`;
  const pods = [pod('one', 'apps', 'egress: vpn'), pod('two', 'far')];
  expect(joined(labelled, ...NAMESPACES, ...pods)).toEqual({ names: ['one'], problems: [] });
});

test('no workload of the input joins by an entry for admission', () => {
  const admission = '{join: Admission, namespaces: [apps]}';
  expect(joined(admission, ...NAMESPACES, ...PODS)).toEqual({ names: [], problems: [] });
});
