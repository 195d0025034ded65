import { expect, it } from 'vitest';
import { messages } from '../networks.ts';

it.each([
  '[{operator: Exists}]',
  '[{key: dedicated, value: egress, effect: NoSchedule}]',
  '[{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 30}]',
])('%s is fine', (list) => {
  expect(messages(`nodes: {tolerations: ${list}}`)).toEqual([]);
});

it.each([
  ['{}', 'operator', 'must be "Exists" when `spec.nodes.tolerations[0].key` is absent'],
  ['{operator: Equal}', 'operator', 'must be "Exists" when `spec.nodes.tolerations[0].key` is absent, not "Equal"'],
  [
    '{key: a b, operator: Exists}',
    'key',
    'must be at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, after an optional "domain/", not "a b"',
  ],
  [
    '{key: a, operator: Exists, value: b}',
    'value',
    'must be absent when `spec.nodes.tolerations[0].operator` is "Exists", not "b"',
  ],
  [
    '{key: a, value: b c}',
    'value',
    'must be empty or at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, not "b c"',
  ],
  [
    '{key: a, effect: NoSchedule, tolerationSeconds: 5}',
    'tolerationSeconds',
    'must be absent unless `spec.nodes.tolerations[0].effect` is "NoExecute", not "5"',
  ],
])('%s is not: %s', (toleration, field, message) => {
  expect(messages(`nodes: {tolerations: [${toleration}]}`)).toEqual([
    `\`spec.nodes.tolerations[0].${field}\` ${message}`,
  ]);
});

it('the router has tolerations too', () => {
  expect(messages('gateway: {nodes: {tolerations: [{operator: Exists}, {}]}}')).toEqual([
    '`spec.gateway.nodes.tolerations[1].operator` must be "Exists" when `spec.gateway.nodes.tolerations[1].key` is absent',
  ]);
});
