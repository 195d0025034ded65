import { expect, it, test } from 'vitest';
import { messages } from '../networks.ts';

it.each([
  '{requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 0.1, memory: 67108864}}',
  '{requests: {cpu: 1, memory: 1Gi}, limits: {cpu: "1.0", memory: 1073741824}}',
  '{requests: {cpu: 500u, memory: 1e3}, limits: {cpu: 1m, memory: 1k}}',
  '{limits: {hugepages-2Mi: 4Mi, example.com/gpu: 1, ephemeral-storage: .5Gi}}',
])('%s is fine', (resources) => {
  const quoted = resources.replace('cpu: 0.1,', 'cpu: "0.1",');
  expect(messages(`gateway: {resources: ${quoted}}`)).toEqual([]);
});

it.each([
  [
    '{requests: {cpu: 2}, limits: {cpu: 1500m}}',
    '`spec.gateway.resources.requests.cpu` must be at most `spec.gateway.resources.limits.cpu`, which is "1500m", not "2"',
  ],
  [
    '{requests: {memory: 1Gi}, limits: {memory: 1G}}',
    '`spec.gateway.resources.requests.memory` must be at most `spec.gateway.resources.limits.memory`, which is "1G", not "1Gi"',
  ],
  [
    '{limits: {memory: 64MB}}',
    '`spec.gateway.resources.limits.memory` must be a quantity of at least 0, such as "50m" or "64Mi", not "64MB"',
  ],
  [
    '{limits: {cpu: -1}}',
    '`spec.gateway.resources.limits.cpu` must be a quantity of at least 0, such as "50m" or "64Mi", not "-1"',
  ],
  [
    '{limits: {memroy: 64Mi}}',
    '`spec.gateway.resources.limits.memroy` must be named "cpu", "memory", "ephemeral-storage", "hugepages-<size>" or "<domain>/<name>", not "memroy"',
  ],
  [
    '{requests: {example.com/gpu: 2}, limits: {example.com/gpu: 1}}',
    '`spec.gateway.resources.requests["example.com/gpu"]` must be at most `spec.gateway.resources.limits["example.com/gpu"]`, which is "1", not "2"',
  ],
])('%s is not', (resources, message) => {
  expect(messages(`gateway: {resources: ${resources}}`)).toEqual([message]);
});

test('the agent has resources too', () => {
  expect(messages('agent: {type: DaemonSet, daemonSet: {resources: {limits: {cpu: lots}}}}')).toEqual([
    '`spec.agent.daemonSet.resources.limits.cpu` must be a quantity of at least 0, such as "50m" or "64Mi", not "lots"',
  ]);
});
