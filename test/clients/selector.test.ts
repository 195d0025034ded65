import { describe, expect, test } from 'vitest';
import { mightSelect, selects } from '../../fn/clients/selector.ts';
import { readWorkload, type Workload } from '../../fn/clients/workload.ts';
import { read } from '../../fn/krm/read.ts';
import { planOf } from '../plan/network.ts';

const workload = (labels: string, namespace = 'apps') => {
  const { items } = read(
    `{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: ${namespace}, labels: ${labels}}}\n`,
  ).input;
  const [item] = items;
  if (item === undefined) throw new Error('no item');
  return { item, pod: readWorkload(item) as Workload };
};
const choice = (clients: string) => {
  const [plan] = planOf(`{subnets: [10.9.0.0/24], clients: [${clients}]}`).clients;
  if (plan === undefined) throw new Error('no clients');
  return plan;
};

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
])('%s over labels %s', (clients, labels, expected) => {
  const { item, pod } = workload(labels);

  test(expected ? 'selects' : 'does not select', () => expect(selects(choice(clients), pod)).toBe(expected));

  test('never misses a workload by its bytes', () => {
    if (expected) expect(mightSelect(choice(clients), item)).toBe(true);
  });
});

test('a label that is spelled with an escape is seen', () => {
  const { item, pod } = workload('{"egr\\u0065ss": vpn}');
  expect(mightSelect(choice('{selector: {matchLabels: {egress: vpn}}}'), item)).toBe(true);
  expect(selects(choice('{selector: {matchLabels: {egress: vpn}}}'), pod)).toBe(true);
});

test('a workload without the label is told apart without parsing', () => {
  expect(mightSelect(choice('{selector: {matchLabels: {egress: vpn}}}'), workload('{app: x}').item)).toBe(false);
});
