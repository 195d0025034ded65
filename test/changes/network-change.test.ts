import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { networkChange, type NetworkChange, type Side } from '../../fn/changes/network-change.ts';
import { sideOf } from '../../fn/changes/side.ts';
import { formatChange } from '../../fn/changes/text.ts';
import { read } from '../../fn/krm/read.ts';
import { run } from '../../fn/run.ts';
import { plain } from '../../fn/status/paint.ts';
import { ROOT } from '../commands/command.ts';

const VPN = { namespace: 'egress', name: 'vpn' };
const NETWORK = `apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: vpn, namespace: egress}
spec:
  subnets: [192.168.50.0/24]
  overlay: {vni: 1000}
  clients:
  - {selector: {matchLabels: {egress: vpn}}}
`;
const workload = (name: string, label = 'vpn', image = 'a:1') => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: apps}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}, egress: ${label}}}
    spec: {containers: [{name: a, image: "${image}"}]}
`;
const RELEASE = `---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: chart, namespace: apps, labels: {egress: vpn}}
spec: {interval: 1h, chart: {spec: {chart: a, sourceRef: {kind: HelmRepository, name: a}}}}
`;

test.each([
  ['"x\\u001b[2J"', String.raw`x\u001b[2J`],
  ['5', ''],
  ['{a: b}', ''],
])('a workload of the name %s has a name that may be printed', (name, printed) => {
  const { manifests } = side(NETWORK + workload('web').replace('name: web,', `name: ${name},`));
  const [found] = manifests.filter(({ kind, metadata }) => kind === 'Deployment' && metadata.namespace === 'apps');
  expect(found?.metadata.name).toBe(printed);
});

test('a workload without metadata is passed over', () => {
  const source = NETWORK + workload('web').replace(/metadata: \{name.*/, 'metadata: null');
  expect(change(NETWORK, source).change).toBe('none');
});

function side(source: string): Side {
  const outcome = run(read(source));
  expect(outcome.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return sideOf(outcome, undefined);
}

const change = (before: string, after: string): NetworkChange => networkChange(VPN, side(before), side(after));
const withFields = (fields: string) => NETWORK.replace('spec:\n', `spec:\n  ${fields}\n`);
const clients = (before: string, after: string) => change(before, after).clients;

test.each<readonly [string, string, string, Partial<NetworkChange['clients']>]>([
  ['a workload joins', NETWORK + workload('web', 'no'), NETWORK + workload('web'), { rolled: ['Deployment apps/web'] }],
  [
    'a workload leaves',
    NETWORK + workload('web'),
    NETWORK + workload('web', 'no'),
    { rolled: ['Deployment apps/web'] },
  ],
  ['a workload is new', NETWORK, NETWORK + workload('web'), { rolled: [], restart: [] }],
  ['a workload has another image', NETWORK + workload('web'), NETWORK + workload('web', 'vpn', 'a:2'), { rolled: [] }],
  [
    'a workload has another init container of its own',
    NETWORK + workload('web'),
    NETWORK + workload('web').replace('spec: {containers', 'spec: {initContainers: [{name: b, image: b}], containers'),
    { rolled: [] },
  ],
  [
    'one joins while the attachment changes',
    NETWORK + workload('web') + workload('db', 'no'),
    withFields('mtu: 1400') + workload('web') + workload('db'),
    { rolled: ['Deployment apps/db'], restart: ['Deployment apps/web'], othersRestart: true },
  ],
  [
    'a chart joins',
    NETWORK + RELEASE,
    NETWORK.replace('egress: vpn}}}', 'egress: vpn}}, workloads: [{kind: HelmRelease}]}') + RELEASE,
    { rolled: ['HelmRelease apps/chart'] },
  ],
  [
    'a policy gives pods other things',
    NETWORK.replace('{selector', '{join: Admission, selector'),
    NETWORK.replace('{selector', '{join: Admission, guard: Disabled, selector'),
    { rolled: [], restart: [], othersRestart: true },
  ],
])('clients, when %s', (_, before, after, expected) => {
  expect(clients(before, after)).toMatchObject(expected);
});

test('an attachment of one namespace concerns the clients there', () => {
  const fixed = (address: string) =>
    NETWORK.replace('vpn}}}', `vpn}}}\n  - {names: [db], addresses: [${address}]}`).replace('egress: vpn', 'app: web') +
    workload('web') +
    workload('db', 'no').replace('spec:\n  selector', 'spec:\n  replicas: 1\n  selector');
  expect(clients(fixed('192.168.50.30'), fixed('192.168.50.31'))).toMatchObject({
    rolled: ['Deployment apps/db'],
    restart: ['Deployment apps/web'],
  });
});

test('the fields that differ are named down to their leaves, with what becomes of connections', () => {
  const after = NETWORK.replace('vni: 1000', 'vni: 1001, flooding: {type: Multicast, multicast: {group: 239.0.0.1}}')
    .replace('{selector: {matchLabels: {egress: vpn}}}', '{selector: {matchLabels: {egress: other}}, dns: Gateway}')
    .replace('clients:', 'gateway: {firewall: {deny: [{cidrs: [203.0.113.0/24]}]}}\n  clients:');
  expect(change(NETWORK, after).fields?.map(({ field, before, after: now }) => [field, before, now])).toEqual([
    ['spec.overlay.vni', 1000, 1001],
    ['spec.overlay.flooding.type', undefined, 'Multicast'],
    ['spec.overlay.flooding.multicast.group', undefined, '239.0.0.1'],
    ['spec.clients[0].selector.matchLabels.egress', 'vpn', 'other'],
    ['spec.clients[0].dns', undefined, 'Gateway'],
    ['spec.gateway.firewall.deny', undefined, [{ cidrs: ['203.0.113.0/24'] }]],
  ]);
  const connections = change(NETWORK, after).fields?.map((one) => one.connections);
  expect(connections?.[3]).toBe('of workloads that join or leave: their pods are replaced');
  expect(connections?.every((text) => text !== undefined)).toBe(true);
});

test.each([
  ['nothing', NETWORK, NETWORK, 'egress/vpn: nothing changes\n'],
  ['a network comes', '{}', NETWORK, /^egress\/vpn: is created: \d+ objects\n$/],
  ['a network goes', NETWORK, '{}', /^egress\/vpn: is removed: \d+ objects\n$/],
  [
    'routers come',
    withFields('gateway: {replicas: 2}'),
    withFields('gateway: {replicas: 3}'),
    /; created: vpn-router-2$/m,
  ],
  [
    'routers go',
    withFields('gateway: {replicas: 3}'),
    withFields('gateway: {replicas: 2}'),
    /; removed: vpn-router-2$/m,
  ],
  [
    'clients are in no input',
    NETWORK,
    withFields('mtu: 1400'),
    /^ {2}clients {2}must be restarted, if there are any that are not in the input$/m,
  ],
])('the text, when %s', (_, before, after, words) => {
  const [old, wanted] = [before, after].map((source) =>
    source === '{}' ? { from: 'Files' as const, networks: [], manifests: [] } : side(source),
  );
  const text = old && wanted ? formatChange(networkChange(VPN, old, wanted), plain) : '';
  if (typeof words === 'string') expect(text).toBe(words);
  else expect(text).toMatch(words);
});

test('the example of docs/command-line.md is what it prints', () => {
  const source = readFileSync(join(ROOT, 'examples/multi-node/gateway-network.yaml'), 'utf8');
  const after = source.replace('spec:\n', 'spec:\n  mtu: 1400\n');
  const text = formatChange(change(source + workload('web'), after + workload('web')), plain);
  expect(readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8')).toContain(text);
});
