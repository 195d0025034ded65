import { describe, expect, test } from 'vitest';
import { node } from './cluster-objects.ts';
import { type Case, says } from './says.ts';

describe('nodes for routers', () => {
  const tainted = [1, 2].map((number) =>
    node(number, { spec: { taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] } }),
  );
  const labelled = [1, 2].map((number) => node(number, { labels: { zone: `z${number}`, size: String(number) } }));
  const choose = (expression: object) => ({ 'gateway.nodes': { selector: { matchExpressions: [expression] } } });

  test.each<readonly [string, Case, number]>([
    ['taints', { put: tainted }, 0],
    [
      'taints that are tolerated',
      { put: tainted, fields: { 'gateway.nodes': { tolerations: [{ key: 'a', value: 'b' }] } } },
      2,
    ],
    [
      'taints of another value',
      { put: tainted, fields: { 'gateway.nodes': { tolerations: [{ key: 'a', value: 'c' }] } } },
      0,
    ],
    [
      'taints that only advise',
      { put: [node(1, { spec: { taints: [{ key: 'a', effect: 'PreferNoSchedule' }] } })] },
      2,
    ],
    ['a cordoned node', { put: [node(1, { spec: { unschedulable: true } })] }, 1],
    ['a label', { put: labelled, fields: { 'gateway.nodes': { selector: { matchLabels: { zone: 'z1' } } } } }, 1],
    ['an expression', { put: labelled, fields: choose({ key: 'zone', operator: 'NotIn', values: ['z1', 'z2'] }) }, 0],
    ['another expression', { put: labelled, fields: choose({ key: 'zone', operator: 'Exists' }) }, 2],
    ['Windows', { put: [node(1, { labels: { 'kubernetes.io/os': 'windows' } })] }, 1],
  ])('%s', (_, given, count) => {
    const [line] = says('nodes', given);
    expect(line).toMatch(
      count === 0 ? /^error 1 routers need a node each, and 0 of 2/ : new RegExp(`^ok ${count} of 2 nodes`),
    );
  });

  test('that agents may be on a cordoned node', () => {
    expect(says('multus', { put: [1, 2].map((number) => node(number, { spec: { unschedulable: true } })) })).toEqual([
      'ok the DaemonSet kube-system/kube-multus-ds is ready on 2 of 2 nodes',
    ]);
  });
});
