import { describe, expect, test } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { read } from '../../fn/krm/read.ts';
import { planOf } from '../plan/network.ts';

const VPN = planOf('{subnets: [10.9.0.0/24], clients: [{selector: {matchLabels: {egress: vpn}}}]}');

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
  return { text: [...edited.values()][0], problems, count: clients.get(VPN) };
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
    const scan = planOf('{subnets: [10.8.0.0/24], clients: [{selector: {matchLabels: {egress: vpn}}}]}', {
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

  test('is refused when somebody has changed what we gave it', () => {
    const changed = ANNOTATED.replace('networks: egress/vpn', 'networks: egress/vpn, storage');
    expect(joined(pod(changed, 'labels: {egress: direct}')).problems[0]).toMatchObject({
      code: 'ClientConflict',
      severity: 'error',
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

test('a selector that selects nothing is a warning', () => {
  expect(joined(pod('', 'labels: {egress: direct}')).problems).toMatchObject([
    { code: 'NoClient', severity: 'warning' },
  ]);
});
