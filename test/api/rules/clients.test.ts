import { expect, it } from 'vitest';
import { messages } from '../networks.ts';

it.each([
  'clients: [{names: [web, db.primary]}]',
  'clients: [{namespaces: [apps]}]',
  'clients: [{workloads: [{kind: Deployment}, {apiVersion: argoproj.io/v1alpha1, kind: Rollout}, {apiVersion: v1, kind: Pod}]}]',
  'clients: [{workloads: [{apiVersion: leaderworkerset.x-k8s.io/v1, kind: LeaderWorkerSet, templatePath: spec.leaderWorkerTemplate.workerTemplate}]}]',
  'clients: [{workloads: [{apiVersion: acme.example/v1, kind: Deployment, templatePath: spec.pod}]}]',
  'clients: [{workloads: [{kind: HelmRelease}, {apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease}]}]',
  'clients: [{namespaces: [apps], attachment: PerNamespace}]',
  'clients: [{names: [web], dns: Gateway, preserveInbound: Disabled}, {namespaces: [apps], preserveInbound: Enabled}]',
  'clients: [{namespaces: [apps], selector: {matchLabels: {a: b}}, networkPolicy: Enabled}, {names: [web], networkPolicy: Disabled}]',
])('%s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

const PATH = 'be the path of fields from the root of the object, such as "spec.template"';
const FLEET = 'apiVersion: acme.example/v1, kind: Fleet';

it.each<readonly [string, string]>([
  [
    'clients: [{}]',
    '`spec.clients[0]` must have a `selector`, `names`, `namespaces`, `namespaceSelector` or `workloads`, not "{}": an empty entry selects every workload',
  ],
  [
    'clients: [{attachment: Shared}]',
    '`spec.clients[0]` must have a `selector`, `names`, `namespaces`, `namespaceSelector` or `workloads`, not "{"attachment":"Shared"}": an empty entry selects every workload',
  ],
  [
    'clients: [{names: [web, My_Web]}]',
    '`spec.clients[0].names[1]` must be a DNS subdomain (at most 253 lower case letters, digits, "-" and ".", with a letter or digit at both ends of each part), not "My_Web"',
  ],
  [
    'clients: [{namespaces: [apps, My.Apps]}]',
    '`spec.clients[0].namespaces[1]` must be a DNS label (at most 63 lower case letters, digits and "-", with a letter or digit at both ends), not "My.Apps"',
  ],
  [
    'clients: [{names: [web], attachment: PerNamespace}]',
    '`spec.clients[0].namespaces` must be set when `spec.clients[0].attachment` is "PerNamespace": its attachment is rendered into them',
  ],
  [
    'clients: [{names: [web], preserveInbound: Enabled}]',
    '`spec.clients[0].namespaces` must be set when `spec.clients[0].preserveInbound` is "Enabled": the program for it is rendered into these namespaces',
  ],
  [
    'clients: [{selector: {matchLabels: {a: b}}, networkPolicy: Enabled}]',
    '`spec.clients[0].namespaces` must be set when `spec.clients[0].networkPolicy` is "Enabled": the policy is rendered into these namespaces',
  ],
  [
    'clients: [{names: [web], namespaces: [apps], networkPolicy: Enabled}]',
    '`spec.clients[0].names` must be absent when `spec.clients[0].networkPolicy` is "Enabled", not "["web"]": a NetworkPolicy chooses pods by their labels: use `selector`',
  ],
  [
    'clients: [{workloads: [{kind: Deployment, templatePath: spec.pod}]}]',
    '`spec.clients[0].workloads[0].templatePath` must be absent or "spec.template", not "spec.pod": the path to the pods of a Deployment is known',
  ],
  [
    'clients: [{workloads: [{kind: Pod, templatePath: spec}]}]',
    '`spec.clients[0].workloads[0].templatePath` must be absent, not "spec": the path to the pods of a Pod is known',
  ],
  [
    'clients: [{workloads: [{kind: Fleet, templatePath: spec.template}]}]',
    '`spec.clients[0].workloads[0].apiVersion` must be set for the kind "Fleet": its group distinguishes it from other kinds of that name',
  ],
  [
    `clients: [{workloads: [{${FLEET}}]}]`,
    '`spec.clients[0].workloads[0].templatePath` must be set for the kind "Fleet": without it the kind must be "Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Rollout" or "HelmRelease"',
  ],
  [
    'clients: [{workloads: [{apiVersion: "acme.example/v1/x", kind: Fleet, templatePath: a}]}]',
    '`spec.clients[0].workloads[0].apiVersion` must be "group/version" or "version", such as "apps/v1", not "acme.example/v1/x"',
  ],
  [
    'clients: [{workloads: [{kind: HelmRelease, templatePath: spec.values}]}]',
    '`spec.clients[0].workloads[0].templatePath` must be absent, not "spec.values": the path to the pods of a HelmRelease is known',
  ],
  [
    'clients: [{workloads: [{kind: "my kind"}]}]',
    '`spec.clients[0].workloads[0].kind` must be letters and digits, such as "Deployment", not "my kind"',
  ],
  ...[
    'spec.templates[0]',
    '.spec.template',
    'spec..template',
    'spec.template.',
    '$.spec',
    "spec['a']",
    '',
    'metadata',
    'metadata.x',
    'a b',
    'a/b',
    '*',
  ].map(
    (path) =>
      [
        `clients: [{workloads: [{${FLEET}, templatePath: ${JSON.stringify(path)}}]}]`,
        `\`spec.clients[0].workloads[0].templatePath\` must ${PATH}, not "${path}"`,
      ] as const,
  ),
])('%s is not', (spec, message) => {
  expect(messages(spec)).toEqual([message]);
});
