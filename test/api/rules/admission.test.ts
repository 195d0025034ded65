import { expect, it } from 'vitest';
import { validate } from '../../../fn/api/validate.ts';
import { messages, networks } from '../networks.ts';

it.each([
  'clients: [{join: Admission, selector: {matchLabels: {egress: vpn}}, dns: Gateway}]',
  'clients: [{join: Admission, namespaces: [apps], attachment: PerNamespace, preserveInbound: Disabled}]',
  'clients: [{join: Admission, namespaceSelector: {matchLabels: {egress: vpn}}}]',
  'clients: [{join: Render, names: [web], addresses: [192.168.50.200]}]',
  'admissionCheck: Enabled',
])('%s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

const ADMISSION = 'when `spec.clients[0].join` is "Admission"';

it.each<readonly [string, string]>([
  [
    'names: [web]',
    `\`spec.clients[0].names\` must be absent ${ADMISSION}, not "["web"]": a policy sees the pod, and not the name of the workload that creates it`,
  ],
  [
    'workloads: [{kind: Job}]',
    `\`spec.clients[0].workloads\` must be absent ${ADMISSION}, not "[{"kind":"Job"}]": a policy sees the pod, and not the kind of the workload that creates it`,
  ],
  [
    'namespaces: [apps], addresses: [192.168.50.200]',
    `\`spec.clients[0].addresses\` must be absent ${ADMISSION}, not "["192.168.50.200"]": they are for one pod, and a policy does not know how many there are`,
  ],
  [
    'namespaces: [apps], preserveInbound: Enabled',
    `\`spec.clients[0].preserveInbound\` must be "Disabled" ${ADMISSION}, not "Enabled": its init container is privileged, and is only added where a review shows it`,
  ],
])('join: Admission with %s is not', (client, message) => {
  expect(messages(`clients: [{join: Admission, ${client}}]`)).toEqual([message]);
});

it.each<readonly [string, string]>([
  ['clients: [{names: [a]}, {join: Admission, namespaces: [apps]}]', '`spec.clients[1].join` is "Admission"'],
  ['admissionCheck: Enabled', '`spec.admissionCheck` is "Enabled"'],
])('%s is not without a namespace', (spec, when) => {
  const [{ value, file } = { value: {}, file: undefined }] = networks(spec);
  const { metadata, ...rest } = value as { metadata: { name: string } };
  const { problems } = validate([{ value: { ...rest, metadata: { name: metadata.name } }, file }]);
  expect(problems.map(({ message }) => message)).toEqual([
    `\`metadata.namespace\` must be set when ${when}: policies are for the whole cluster, and name the attachments of the network with their namespace`,
  ]);
});
