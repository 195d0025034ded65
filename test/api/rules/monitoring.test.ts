import { expect, it } from 'vitest';
import { messages } from '../networks.ts';

const MONITORED = 'monitoring: {type: PrometheusOperator}';
const NETWORK =
  'egress: {type: Network, network: {attachment: {name: vlan}, addresses: [10.9.0.2/24], gateways: [10.9.0.1]}}';
const PORT = 'portForwards: [{protocol: TCP, port: 9473, to: {addresses: [192.168.50.40]}}]';
const labelled = (label: string) => `monitoring: {type: PrometheusOperator, prometheusOperator: {labels: {${label}}}}`;
const LABELS = 'spec.monitoring.prometheusOperator.labels';

it.each([
  MONITORED,
  labelled('release: kube-prometheus-stack, example.com/team: ""'),
  `{${MONITORED}, reserved: [192.168.50.40], gateway: {${NETWORK}, ${PORT}}, cluster: {cidrs: [172.16.0.0/12]}}`,
  `{${MONITORED}, reserved: [192.168.50.40], gateway: {${PORT.replace('TCP', 'UDP')}}}`,
  `{${MONITORED}, reserved: [192.168.50.40], gateway: {${PORT.replace('9473', '9472')}}}`,
  `{reserved: [192.168.50.40], gateway: {${PORT}}}`,
])('%s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

it.each([
  [
    labelled('"a b": c'),
    `\`${LABELS}["a b"]\` must be at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, after an optional "domain/", not "a b": it is a label key`,
  ],
  [
    labelled('a: "b c"'),
    `\`${LABELS}["a"]\` must be empty or at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, not "b c"`,
  ],
  [
    labelled('app.kubernetes.io/component: router'),
    `\`${LABELS}["app.kubernetes.io/component"]\` must be absent, not "router": the function sets the labels of this prefix`,
  ],
  [
    labelled('gatewaynetwork.dev/network: other'),
    `\`${LABELS}["gatewaynetwork.dev/network"]\` must be absent, not "other": the function sets the labels of this prefix`,
  ],
  [
    `{${MONITORED}, agent: {type: DaemonSet, daemonSet: {metrics: {type: Textfile}}}}`,
    '`spec.agent.daemonSet.metrics` must be absent when `spec.monitoring` is set, not "{"type":"Textfile"}": each value would be read twice',
  ],
  [
    `{${MONITORED}, reserved: [192.168.50.40], gateway: {${PORT}}}`,
    '`spec.gateway.portForwards[0].port` is "9473" and must be another when `spec.monitoring` is set: the router\'s metrics are read there',
  ],
  ['monitoring: {}', '`spec.monitoring.type` must be set to "PrometheusOperator"'],
])('%s is not', (spec, message) => {
  expect(messages(spec)).toEqual([message]);
});
