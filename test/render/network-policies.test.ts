import { expect, test } from 'vitest';
import { networkPolicies } from '../../fn/render/network-policies.ts';
import { planOf } from '../plan/network.ts';

const policies = (clients: string, fields = 'cluster: {cidrs: [10.0.0.0/8, "fd00:10::/32"]}') =>
  networkPolicies(planOf(`{subnets: [192.168.50.0/24, "fd00:50::/64"], ${fields}, clients: [${clients}]}`));

test('the pods that the entry chooses reach the cluster by their primary interface, and nothing else', () => {
  const [policy, ...others] = policies(
    '{namespaces: [apps], selector: {matchLabels: {egress: vpn}}, networkPolicy: Enabled}',
  );
  expect(others).toEqual([]);
  expect(policy?.metadata).toMatchObject({
    namespace: 'apps',
    name: expect.stringMatching(/^vpn-clients-[a-z0-9]{6}$/),
  });
  expect(policy?.spec).toMatchObject({ podSelector: { matchLabels: { egress: 'vpn' } }, policyTypes: ['Egress'] });
  const [{ to = [] } = {}] = policy?.spec?.egress ?? [];
  expect(to[0]).toEqual({ namespaceSelector: {} });
  const cidrs = to.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []);
  expect(cidrs).toEqual(expect.arrayContaining(['10.0.0.0/8', 'fd00:10::/32', '169.254.0.0/16', 'fe80::/10']));
  expect(cidrs).not.toContain('0.0.0.0/0');
});

test('each namespace has one for each choice of pods, and none that is not asked for', () => {
  const all = policies(
    '{namespaces: [apps, media], networkPolicy: Enabled}, {namespaces: [media], networkPolicy: Enabled}, {namespaces: [other]}',
  );
  expect(all.map(({ metadata }) => metadata?.namespace)).toEqual(['apps', 'media']);
  expect(all.map(({ spec }) => spec?.podSelector)).toEqual([{}, {}]);
});

test('a family that goes around the network may do so', () => {
  const [policy] = networkPolicies(
    planOf(
      '{subnets: [192.168.50.0/24], unservedFamily: Bypass, clients: [{namespaces: [a], networkPolicy: Enabled}]}',
    ),
  );
  const cidrs = policy?.spec?.egress?.[0]?.to?.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []);
  expect(cidrs).toContain('8000::/2');
});
