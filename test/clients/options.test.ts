import { describe, expect, test } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { INBOUND } from '../../fn/agent/programs.ts';
import { read } from '../../fn/krm/read.ts';
import { parse } from '../../fn/yaml/parse.ts';
import { inboundPrograms } from '../../fn/render/inbound.ts';
import { planOf } from '../plan/network.ts';

const plan = (clients: string) => planOf(`{subnets: [10.9.0.0/24, "fd00:9::/64"], clients: [${clients}]}`);
const DNS = plan('{names: [p], dns: Gateway}');
const BOTH = plan('{names: [p], dns: Gateway}, {namespaces: [apps], preserveInbound: Enabled}');

const pod = (spec = 'spec: {containers: []}', annotations = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: apps\n${annotations}${spec}\n`;

function joined(text: string, ...plans: readonly ReturnType<typeof plan>[]) {
  const { edited, problems } = joinClients(read(text).input, plans);
  return { text: [...edited.values()][0], problems };
}

interface Container {
  readonly command: readonly string[];
  readonly volumeMounts: readonly [{ readonly mountPath: string }];
}

test('a client asks the resolver at the gateway addresses, and finds names of its namespace first', () => {
  const value = parse(joined(pod(), DNS).text ?? '').value as { spec: object };
  expect(value.spec).toEqual({
    containers: [],
    dnsPolicy: 'None',
    dnsConfig: {
      nameservers: ['10.9.0.1', 'fd00:9::1'],
      searches: ['apps.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      options: [{ name: 'ndots', value: '5' }],
    },
  });
});

test('the init container runs the program of the ConfigMap in its namespace', () => {
  const { spec } = parse(joined(pod(), BOTH).text ?? '').value as {
    spec: { initContainers: [Container]; volumes: [{ configMap: { name: string } }] };
  };
  const [program] = inboundPrograms(BOTH);
  const [{ command, volumeMounts }] = spec.initContainers;
  expect(program?.metadata).toMatchObject({ namespace: 'apps', name: spec.volumes[0].configMap.name });
  expect(Object.keys(program?.data ?? {}).map((file) => `${volumeMounts[0].mountPath}/${file}`)).toContain(command[1]);
  expect(command[1]?.endsWith(`/${INBOUND.entry}`)).toBe(true);
  expect(program?.data).toMatchObject(INBOUND.files);
});

describe('what a client has of several entries', () => {
  test('is the union of them', () => {
    expect(joined(pod(), BOTH).text).toContain('gatewaynetwork.dev/client-options: egress/vpn dns,inbound\n');
  });

  test('goes one by one, and all of it with the network', () => {
    const both = joined(pod(), BOTH).text ?? '';
    expect(joined(both, DNS).text).toBe(joined(pod(), DNS).text);
    expect(joined(both, plan('{names: [p]}')).text).toBe(joined(pod(), plan('{names: [p]}')).text);
    expect(joined(both, plan('{names: [q]}')).text).toBe(pod());
  });

  test('leaves an empty spec behind where one was', () => {
    const bare = pod('spec: {}');
    expect(joined(joined(bare, BOTH).text ?? '', plan('{names: [q]}')).text).toBe(bare);
  });

  test('is mended where somebody has changed it', () => {
    const text = joined(pod(), BOTH).text ?? '';
    for (const [from, to] of [
      ['fd00:9::1', 'fd00:9::2'],
      ['dnsPolicy: None', 'dnsPolicy: Default'],
      ['NET_ADMIN', 'SYS_ADMIN'],
      ['vpn-inbound', 'other'],
    ] as const) {
      expect([from, text.includes(from)]).toEqual([from, true]);
      expect(joined(text.replace(from, to), BOTH).text).toBe(text);
    }
  });
});

test('a pod whose author asks for the network has its options, and gives them back', () => {
  const own = pod(undefined, '  annotations: {k8s.v1.cni.cncf.io/networks: egress/vpn}\n');
  const { text = '', problems } = joined(own, BOTH);
  expect(problems).toEqual([]);
  expect(text).not.toContain('client-of');
  expect(joined(text, BOTH).text).toBeUndefined();
  expect(joined(text, plan('{names: [q]}')).text).toBe(own);
  expect(joined(text)).toMatchObject({ text: undefined, problems: [{ code: 'Orphan' }] });
});

test('options follow when another network selects the pod', () => {
  const scan = planOf('{subnets: [10.8.0.0/24], clients: [{names: [p], dns: Gateway}]}', {
    name: 'scan',
    namespace: 'x',
  });
  const { text } = joined(joined(pod(), BOTH).text ?? '', scan, plan('{names: [q]}'));
  expect(text).toBe(joined(pod(), scan).text);
});

test.each([
  'dnsPolicy: ClusterFirst',
  'dnsPolicy: "ClusterFirst", dnsConfig: {}',
  'dnsPolicy: ClusterFirstWithHostNet, hostNetwork: false',
  'dnsPolicy: null, dnsConfig: null',
  'dnsConfig: {nameservers: [], searches: null, options: []}',
  'dnsPolicy: "", serviceAccountName: default, initContainers: [], volumes: null',
])('a default that is spelled out, {%s}, is no choice', (fields) => {
  const { text = '', problems } = joined(pod(`spec: {containers: [], ${fields}}`), BOTH);
  expect(problems).toEqual([]);
  expect(parse(text).value).toMatchObject({
    spec: { dnsPolicy: 'None', dnsConfig: { nameservers: ['10.9.0.1', 'fd00:9::1'] } },
  });
  expect(joined(text, BOTH).text).toBeUndefined();
  const { spec } = parse(joined(text, plan('{names: [q]}')).text ?? '').value as { spec: object };
  const own = parse(pod(`spec: {containers: [], ${fields}}`)).value as { spec: object };
  const {
    dnsPolicy: _,
    dnsConfig: __,
    initContainers: ___,
    volumes: ____,
    ...rest
  } = own.spec as Record<string, unknown>;
  expect(spec).toEqual(rest);
});

test('a `dnsConfig` of empty fields in block style is no choice', () => {
  const config = 'dnsConfig:\n    nameservers: []\n    searches: # none\n    options: []';
  const { text = '', problems } = joined(pod(`spec:\n  containers: []\n  ${config}`), BOTH);
  expect(problems).toEqual([]);
  expect(parse(text).value).toMatchObject({ spec: { dnsConfig: { nameservers: ['10.9.0.1', 'fd00:9::1'] } } });
  expect(joined(text, BOTH).text).toBeUndefined();
  expect(joined(text, plan('{names: [q]}')).text).toBe(pod('spec:\n  containers: []'));
});

describe('it is an error that says what to do when', () => {
  test.each([
    ['dnsPolicy: Default', 'dnsPolicy', 'dns: Cluster'],
    ['dnsPolicy: None', 'dnsPolicy', 'dns: Cluster'],
    ['dnsConfig: {options: [{name: ndots, value: "2"}]}', 'dnsConfig', 'dns: Cluster'],
    ['dnsConfig: {nameservers: [1.1.1.1]}', 'dnsConfig', 'dns: Cluster'],
    ['initContainers: [{name: gateway-network-inbound}]', 'initContainers', 'preserveInbound: Disabled'],
    ['volumes: [{name: gateway-network-inbound}]', 'volumes', 'preserveInbound: Disabled'],
  ])('the pod has %s of its author', (field, name, otherwise) => {
    const { text, problems } = joined(pod(`spec: {containers: [], ${field}}`), BOTH);
    expect(text).toBeUndefined();
    expect(problems).toMatchObject([
      {
        code: 'ClientConflict',
        severity: 'error',
        message: expect.stringContaining(`\`${otherwise}\` for this workload`),
        field: { path: expect.stringMatching(`^spec\\.${name}`) },
      },
    ]);
  });

  test('the pod has several of them, all at once', () => {
    const { problems } = joined(
      pod('spec: {dnsPolicy: Default, dnsConfig: {searches: [a]}, volumes: []}').replace('  namespace: apps\n', ''),
      DNS,
    );
    expect(problems.map(({ field }) => field?.path)).toEqual([
      'metadata.namespace',
      'spec.dnsPolicy',
      'spec.dnsConfig',
    ]);
  });

  test.each(['', 'spec: null', 'spec: []'])('the pod has no spec (%j)', (spec) => {
    expect(joined(pod(spec), DNS).problems).toMatchObject([{ code: 'ClientConflict', field: { path: 'spec' } }]);
  });

  test.each([
    ['spec: &s {containers: []}\nother: *s', 'anchor'],
    ['spec: {containers: [], initContainers: &i [{name: a}]}\nother: *i', 'anchor'],
    ['x: &i [{name: a}]\nspec: {initContainers: *i}', 'anchor'],
    ['x: &b {initContainers: [{name: a}]}\nspec:\n  <<: *b', 'anchor'],
    ['spec: {initContainers: {name: a}}', 'not a list'],
  ])('the pod shares what would be changed: %s', (spec, reason) => {
    const { text, problems } = joined(pod(spec), BOTH);
    expect(text).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'ClientConflict', message: expect.stringContaining(reason) }]);
  });
});
