import { describe, expect, test } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { read } from '../../fn/krm/read.ts';
import { unguardedPlanOf } from '../plan/network.ts';

const VPN = unguardedPlanOf('{subnets: [10.9.0.0/24], clients: [{selector: {matchLabels: {egress: vpn}}}]}');

const pod = (annotations: string, rest = 'labels: {egress: vpn}') => `apiVersion: v1
kind: Pod
metadata:
  name: p
  namespace: apps
  ${rest}
${annotations}spec: {}
`;

/** The text of the only workload after a run; undefined where it stays. */
function joined(text: string, plans = [VPN]) {
  const { input } = read(text);
  const { edited, problems, clients } = joinClients(input, plans);
  return { text: [...edited.values()][0], problems, count: clients.get('egress/vpn') ?? 0 };
}

const ANNOTATED = `  annotations:
    k8s.v1.cni.cncf.io/networks: egress/vpn
    gatewaynetwork.dev/client-of: egress/vpn
`;

describe('a workload that a network selects', () => {
  test('gets the annotation and the mark', () => {
    expect(joined(pod(''))).toEqual({ text: pod(ANNOTATED), problems: [], count: 1 });
  });

  test('keeps them in the next run', () => {
    expect(joined(pod(ANNOTATED))).toEqual({ text: undefined, problems: [], count: 1 });
  });

  test('is left alone when it asks for the network itself', () => {
    const own = "  annotations: {k8s.v1.cni.cncf.io/networks: 'storage, egress/vpn'}\n";
    expect(joined(pod(own))).toEqual({ text: undefined, problems: [], count: 1 });
  });

  test('follows when another network selects it', () => {
    const scan = unguardedPlanOf('{subnets: [10.8.0.0/24], clients: [{selector: {matchLabels: {egress: vpn}}}]}', {
      name: 'scan',
      namespace: 'egress',
    });
    expect(joined(pod(ANNOTATED), [scan]).text).toBe(pod(ANNOTATED.replaceAll('vpn', 'scan')));
  });
});

describe('a workload that no network selects', () => {
  test('stays as it is', () => expect(joined(pod('', 'labels: {egress: direct}')).text).toBeUndefined());

  test('loses what we gave it', () => {
    expect(joined(pod(ANNOTATED, 'labels: {egress: direct}')).text).toBe(pod('', 'labels: {egress: direct}'));
  });

  test('keeps an annotation that was never ours', () => {
    const own = '  annotations: {k8s.v1.cni.cncf.io/networks: egress/vpn}\n';
    expect(joined(pod(own, 'labels: {egress: direct}')).text).toBeUndefined();
  });

  test('keeps what somebody has added beside what we gave it', () => {
    const changed = ANNOTATED.replace('networks: egress/vpn', 'networks: egress/vpn, storage');
    expect(joined(pod(changed, 'labels: {egress: direct}'))).toMatchObject({
      text: pod('  annotations:\n    k8s.v1.cni.cncf.io/networks: storage\n', 'labels: {egress: direct}'),
      problems: [{ code: 'NoClient' }],
    });
  });

  test('loses the mark alone when somebody has taken the rest away', () => {
    const own = '  annotations: {k8s.v1.cni.cncf.io/networks: storage, gatewaynetwork.dev/client-of: egress/vpn}\n';
    expect(joined(pod(own, 'labels: {egress: direct}')).text).toBe(
      pod('  annotations: {k8s.v1.cni.cncf.io/networks: storage}\n', 'labels: {egress: direct}'),
    );
  });

  test('stays as it is when its network is not in the input', () => {
    const scan = unguardedPlanOf('{subnets: [10.8.0.0/24]}', { name: 'scan', namespace: 'egress' });
    expect(joined(pod(ANNOTATED, 'labels: {egress: direct}'), [scan])).toMatchObject({
      text: undefined,
      problems: [{ code: 'Orphan', severity: 'warning', message: expect.stringContaining('"egress/vpn" is not in') }],
    });
  });
});

test("our own routers are nobody's clients", () => {
  const router = pod('', 'labels: {egress: vpn, gatewaynetwork.dev/network: vpn}');
  expect(joined(router)).toMatchObject({ text: undefined, count: 0 });
});

test('a client that stands near the router by its label is a client all the same', () => {
  const near = pod('').replace('spec: {}', 'spec: {affinity: {podAffinity: {x: {gatewaynetwork.dev/network: vpn}}}}');
  expect(joined(near)).toMatchObject({ count: 1, problems: [] });
});

test('a workload whose annotations are shared by an anchor is refused', () => {
  const shared = pod('  annotations: &a {x: y}\n').replace('spec: {}', 'other: *a\nspec: {}');
  expect(joined(shared).problems).toMatchObject([
    { code: 'ClientConflict', message: expect.stringContaining('anchor') },
  ]);
});

describe('a choice that selects nothing', () => {
  const two = unguardedPlanOf('{subnets: [10.9.0.0/24], clients: [{names: [p]}, {names: [q]}]}');

  test('is a warning', () => {
    expect(joined(pod(''), [two]).problems).toMatchObject([
      { code: 'NoClient', severity: 'warning', field: { path: 'spec.clients[1]' }, ref: { name: 'vpn' } },
    ]);
  });

  test('is nothing where there is nothing to select', () => {
    const router = pod('', 'labels: {gatewaynetwork.dev/network: vpn}');
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\n';
    const near = pod('').replace('spec: {}', 'spec: {affinity: {x: {gatewaynetwork.dev/network: vpn}}}');
    expect(joined(near.replace('name: p', 'name: o'), [two]).problems).toHaveLength(2);
    expect(joined(`${router}---\n${service}`, [two]).problems).toEqual([]);
  });
});

const LEADER = unguardedPlanOf(`{subnets: [10.9.0.0/24], clients: [{workloads: [
  {apiVersion: acme.example/v1, kind: Set, templatePath: spec.leader},
  {apiVersion: acme.example/v1, kind: Set, templatePath: spec.worker}]}]}`);
const set = (leader: string, worker: string) =>
  `apiVersion: acme.example/v1\nkind: Set\nmetadata: {name: s, namespace: apps}\nspec:\n  leader: {spec: {}${leader}}\n  worker: {spec: {}${worker}}\n`;
const SET =
  ', metadata: {annotations: {k8s.v1.cni.cncf.io/networks: egress/vpn, gatewaynetwork.dev/client-of: egress/vpn}}';

describe('an object of a kind that the user names', () => {
  test('gets the annotation in each of its templates', () => {
    expect(joined(set('', ''), [LEADER]).text).toBe(set(SET, SET));
    expect(joined(set(SET, SET), [LEADER]).text).toBeUndefined();
  });

  test('gives it back when nobody names the kind any more', () => expect(joined(set(SET, SET)).text).toBe(set('', '')));

  test('is left alone where it has no template', () => {
    const none = set('', '').replace('  leader: {spec: {}}\n', '').replace('worker: {spec: {}}', 'worker: none');
    expect(joined(none, [LEADER]).text).toBeUndefined();
  });
});

test.each(['{name: storage}', '[storage]', '7', "'[{'", "'a b'"])(
  'an annotation %s that cannot be read is an error',
  (value) => {
    const path = 'metadata.annotations["k8s.v1.cni.cncf.io/networks"]';
    const broken = pod(`  annotations:\n    k8s.v1.cni.cncf.io/networks: ${value}\n`);
    expect(joined(broken)).toMatchObject({
      text: undefined,
      problems: [
        {
          code: 'ClientConflict',
          severity: 'error',
          ref: { name: 'p' },
          field: { path, currentValue: expect.anything() },
        },
      ],
    });
    const elsewhere = broken.replace('egress: vpn', 'egress: direct');
    expect(joined(elsewhere).problems).toMatchObject([{ code: 'NoClient' }]);
  },
);

test('a pod on the network of its node is an error that names the field', () => {
  expect(joined(pod('').replace('spec: {}', 'spec: {hostNetwork: true}')).problems).toMatchObject([
    { code: 'ClientConflict', severity: 'error', field: { path: 'spec.hostNetwork', currentValue: true } },
  ]);
});

test.each([
  ['{os: {name: windows}}', 'spec.os.name'],
  ['{nodeSelector: {kubernetes.io/os: windows}}', 'spec.nodeSelector["kubernetes.io/os"]'],
])('a pod for Windows is an error that names the field: %s', (spec, path) => {
  expect(joined(pod('').replace('spec: {}', `spec: ${spec}`)).problems).toMatchObject([
    { code: 'ClientConflict', severity: 'error', field: { path, currentValue: 'windows' } },
  ]);
});

test('a workload that two networks select is an error that names both', () => {
  const scan = unguardedPlanOf('{subnets: [10.8.0.0/24], clients: [{names: [p]}]}', {
    name: 'scan',
    namespace: 'egress',
  });
  const [problem, ...more] = joined(pod(''), [VPN, scan]).problems;
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ code: 'ClientConflict', severity: 'error', ref: { name: 'p' } });
  expect(problem?.message).toContain('"egress/vpn" and "egress/scan"');
});
