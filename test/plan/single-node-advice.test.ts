import { expect, test } from 'vitest';
import { singleNodeAdvice } from '../../fn/plan/single-node-advice.ts';
import { MULTI_NODE, planOf } from './network.ts';

test('a network without an overlay is for one node, and nothing says which', () => {
  expect(singleNodeAdvice(planOf('{subnets: [10.9.0.0/24]}'))).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('`spec.nodes.selector`'), field: { path: 'spec.overlay' } },
  ]);
  expect(
    singleNodeAdvice(planOf('{subnets: [10.9.0.0/24], gateway: {nodes: {selector: {matchLabels: {a: b}}}}}')),
  ).toHaveLength(1);
});

test.each([
  MULTI_NODE,
  '{subnets: [10.9.0.0/24], nodes: {selector: {matchLabels: {kubernetes.io/hostname: a}}}}',
  '{subnets: [10.9.0.0/24], nodes: {selector: {matchExpressions: [{key: a, operator: Exists}]}}}',
])('%s says it', (spec) => {
  expect(singleNodeAdvice(planOf(spec))).toEqual([]);
});
