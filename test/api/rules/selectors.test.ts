import { expect, it } from 'vitest';
import { messages } from '../networks.ts';

it.each([
  'clients: [{selector: {matchLabels: {egress: vpn, example.com/Role_1: ""}}, namespaces: [apps]}]',
  'clients: [{selector: {matchExpressions: [{key: egress, operator: In, values: [vpn]}]}}]',
  'clients: [{selector: {matchExpressions: [{key: egress, operator: DoesNotExist}]}}]',
  'nodes: {selector: {matchLabels: {node-role.kubernetes.io/worker: ""}}}',
])('%s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

const NAME = 'at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends';

it.each([
  [
    'clients: [{selector: {}}]',
    '`spec.clients[0].selector` must have an entry in `matchLabels` or `matchExpressions`, not "{}": an empty selector selects everything',
  ],
  [
    'clients: [{selector: {matchLabels: {}}, dns: Gateway}]',
    '`spec.clients[0].selector` must have an entry in `matchLabels` or `matchExpressions`, not "{"matchLabels":{}}": an empty selector selects everything',
  ],
  [
    'gateway: {nodes: {selector: {matchLabels: {-a: b}}}}',
    `\`spec.gateway.nodes.selector.matchLabels["-a"]\` must be ${NAME}, after an optional "domain/", not "-a": it is a label key`,
  ],
  [
    'clients: [{selector: {matchLabels: {a/b/c: d}}}]',
    `\`spec.clients[0].selector.matchLabels["a/b/c"]\` must be ${NAME}, after an optional "domain/", not "a/b/c": it is a label key`,
  ],
  [
    'clients: [{selector: {matchLabels: {egress: my vpn}}}]',
    `\`spec.clients[0].selector.matchLabels["egress"]\` must be empty or ${NAME}, not "my vpn"`,
  ],
  [
    'clients: [{selector: {matchExpressions: [{key: a b, operator: Exists}]}}]',
    `\`spec.clients[0].selector.matchExpressions[0].key\` must be ${NAME}, after an optional "domain/", not "a b"`,
  ],
  [
    'clients: [{selector: {matchExpressions: [{key: a, operator: NotIn, values: []}]}}]',
    '`spec.clients[0].selector.matchExpressions[0].values` must have at least one entry when `spec.clients[0].selector.matchExpressions[0].operator` is "NotIn"',
  ],
  [
    'clients: [{selector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}]',
    '`spec.clients[0].selector.matchExpressions[0].values` must be absent when `spec.clients[0].selector.matchExpressions[0].operator` is "Exists", not "["b"]"',
  ],
  [
    'clients: [{selector: {matchExpressions: [{key: a, operator: In, values: [b, c-]}]}}]',
    `\`spec.clients[0].selector.matchExpressions[0].values[1]\` must be empty or ${NAME}, not "c-"`,
  ],
  [
    'clients: [{namespaceSelector: {matchLabels: {}}}]',
    '`spec.clients[0].namespaceSelector` must have an entry in `matchLabels` or `matchExpressions`, not "{"matchLabels":{}}": an empty selector selects every namespace',
  ],
  [
    'clients: [{selector: {matchLabels: {a: b}}, namespaceSelector: {matchLabels: {egress: my vpn}}}]',
    `\`spec.clients[0].namespaceSelector.matchLabels["egress"]\` must be empty or ${NAME}, not "my vpn"`,
  ],
])('%s is not', (spec, message) => {
  expect(messages(spec)).toEqual([message]);
});
