import { expect, test } from 'vitest';
import { planOf } from './network.ts';

const clients = (text: string) => planOf(`{subnets: [10.9.0.0/24], clients: ${text}}`);

test('a choice looks at all known kinds, names and namespaces unless it says otherwise', () => {
  const [choice] = clients('[{selector: {matchLabels: {a: b}}}]').clients;
  expect(choice).toMatchObject({
    labels: { a: 'b' },
    expressions: [],
    names: { type: 'All' },
    namespaces: { type: 'All' },
  });
  expect(choice?.workloads.map(({ kind }) => kind)).toEqual([
    'Pod',
    'Deployment',
    'StatefulSet',
    'DaemonSet',
    'ReplicaSet',
    'ReplicationController',
    'Job',
    'CronJob',
    'Rollout',
  ]);
});

test('a kind is completed when it is known, and taken as it is when it is not', () => {
  const named = '[{workloads: [{kind: CronJob}, {apiVersion: acme.example/v1, kind: Fleet, templatePath: a.b-c}]}]';
  expect(clients(named).clients[0]?.workloads).toEqual([
    { group: 'batch', kind: 'CronJob', path: ['spec', 'jobTemplate', 'spec', 'template'] },
    { group: 'acme.example', kind: 'Fleet', path: ['a', 'b-c'] },
  ]);
});

test.each([
  ['[{namespaces: [b, a]}]', []],
  ['[{namespaces: [b, a], attachment: Shared}]', []],
  ['[{namespaces: [b, a], attachment: PerNamespace}]', ['a', 'b']],
  ['[{namespaces: [b, egress], attachment: PerNamespace}, {namespaces: [b], attachment: PerNamespace}]', ['b']],
])('%s has attachments in %j besides its own', (text, namespaces) => {
  expect(clients(text).attachmentNamespaces).toEqual(namespaces);
});
