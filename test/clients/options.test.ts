import { describe, expect, test } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { read } from '../../fn/krm/read.ts';
import { parse } from '../../fn/yaml/parse.ts';
import { inboundConfigMaps } from '../../fn/render/inbound.ts';
import { planOf, unguardedPlanOf } from '../plan/network.ts';

const plan = (clients: string) => unguardedPlanOf(`{subnets: [10.9.0.0/24, "fd00:9::/64"], clients: [${clients}]}`);
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

test('the init container runs the program of the image with the configuration of its namespace', () => {
  const { spec } = parse(joined(pod(), BOTH).text ?? '').value as {
    spec: { initContainers: [Container]; volumes: [{ configMap: { name: string } }] };
  };
  const [config] = inboundConfigMaps(BOTH);
  const [{ command, volumeMounts }] = spec.initContainers;
  expect(command).toEqual(['gateway-network', 'inbound', 'run']);
  expect(volumeMounts[0].mountPath).toBe('/etc/gateway-network');
  expect(config?.metadata).toMatchObject({ namespace: 'apps', name: spec.volumes[0].configMap.name });
  expect(Object.keys(config?.data ?? {})).toEqual(['config.json', 'rules.nft']);
  expect(config?.data?.['config.json']).toBe('{ "version": 1, "network": "egress/vpn", "interface": "eth0" }\n');
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

describe('the guard', () => {
  const GUARDED = planOf('{subnets: [10.9.0.0/24, "fd00:9::/64"], clients: [{names: [p]}]}');
  const INBOUND = planOf('{subnets: [10.9.0.0/24], clients: [{namespaces: [apps], preserveInbound: Enabled}]}');
  const names = (text = '') =>
    (parse(text).value as { spec: { initContainers: { name: string }[] } }).spec.initContainers.map(({ name }) => name);
  const withInit = pod('spec:\n  containers: []\n  initContainers:\n  # ours\n  - name: a\n    image: a:1');

  test('is there by default, and says which routes it waits for', () => {
    const { text = '', problems } = joined(pod(), GUARDED);
    expect(problems).toEqual([]);
    expect(text).toContain('gatewaynetwork.dev/client-options: egress/vpn guard\n');
    const { spec } = parse(text).value as { spec: { initContainers: [{ args: string[] }] } };
    expect(spec.initContainers[0].args.slice(0, 3)).toEqual([
      '--network=egress/vpn',
      '--gateway=10.9.0.1',
      '--gateway=fd00:9::1',
    ]);
    expect(joined(text, GUARDED).text).toBeUndefined();
    expect(joined(text, plan('{names: [q]}')).text).toBe(pod());
  });

  test.each([
    ['in a list', withInit],
    ['in a list on one line', pod('spec: {containers: [], initContainers: [{name: a}, {name: b}]}')],
    [
      'in a list in brackets',
      pod('spec:\n  initContainers: [\n    {name: a}, # a\n    {name: b}\n  ]\n  containers: []'),
    ],
  ])('is the first, and the answer to inbound connections the last, %s', (_, text) => {
    const all = joined(text, INBOUND).text ?? '';
    expect(names(all)).toEqual(['gateway-network-guard', ...names(text), 'gateway-network-inbound']);
    expect(joined(all, INBOUND).text).toBeUndefined();
    expect(joined(all, plan('{names: [q]}')).text).toBe(text);
  });

  test('stands above the comments of what was first', () => {
    const { text = '' } = joined(withInit, GUARDED);
    expect(text.indexOf('gateway-network-guard\n')).toBeLessThan(text.indexOf('# ours'));
  });

  test('is put first again where somebody has put something before it', () => {
    const { text = '' } = joined(pod(), GUARDED);
    const moved = text.replace('initContainers: [{', 'initContainers: [{name: a}, {');
    expect(names(moved)).toEqual(['a', 'gateway-network-guard']);
    expect(names(joined(moved, GUARDED).text)).toEqual(['gateway-network-guard', 'a']);
  });

  test('is there as soon as one entry asks for it', () => {
    const both = planOf('{subnets: [10.9.0.0/24], clients: [{names: [p], guard: Disabled}, {namespaces: [apps]}]}');
    expect(joined(pod(), both).text).toContain('gateway-network-guard');
    const none = planOf('{subnets: [10.9.0.0/24], clients: [{names: [p], guard: Disabled}]}');
    expect(joined(pod(), none).text).not.toContain('gateway-network-guard');
  });

  test.each(['initContainers', 'volumes'])('does not take the place of one of the author among the %s', (field) => {
    const { problems } = joined(pod(`spec: {containers: [], ${field}: [{name: gateway-network-guard}]}`), GUARDED);
    expect(problems).toMatchObject([
      { code: 'ClientConflict', field: { path: `spec.${field}["gateway-network-guard"]` } },
    ]);
    expect(problems[0]?.message).toContain('`guard: Disabled`');
  });
});

test('options follow when another network selects the pod', () => {
  const scan = unguardedPlanOf('{subnets: [10.8.0.0/24], clients: [{names: [p], dns: Gateway}]}', {
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
