import { expect, it, test } from 'vitest';
import { noEffectAdvice } from '../../fn/plan/no-effect-advice.ts';
import { planOf } from './network.ts';

const EGRESS =
  'egress: {type: Network, network: {attachment: {name: vlan99}, addresses: [10.99.0.11/24], gateways: [10.99.0.1]}}';

const said = (spec: string) =>
  noEffectAdvice(planOf(spec)).map(({ code, severity, message }) => `${code} ${severity}: ${message}`);

it.each([
  '{subnets: [192.168.50.0/24]}',
  `{subnets: [192.168.50.0/24], cluster: {cidrs: [10.244.0.0/16]}, gateway: {${EGRESS}}}`,
  '{subnets: [192.168.50.0/24], gateway: {firewall: {deny: [{cidrs: [203.0.113.0/24]}], allow: [{cidrs: [0.0.0.0/0]}]}}}',
])('nothing is said of %s', (spec) => {
  expect(said(spec)).toEqual([]);
});

test('a network of the egress among those of the cluster', () => {
  expect(said(`{subnets: [192.168.50.0/24], gateway: {${EGRESS}}}`)).toEqual([
    'Advice warning: `spec.gateway.egress.network.addresses` has no effect on 10.99.0.0/24: that is part of the cluster, so clients reach it through their primary network. To reach it through the gateway, list only the networks of pods, Services and nodes in `spec.cluster.cidrs`',
  ]);
});

test('denied and allowed networks among those of the cluster, which are not denied there', () => {
  const lists = '{deny: [{cidrs: [10.0.0.0/8, 203.0.113.0/24, 192.168.0.0/16]}], allow: [{cidrs: [172.16.9.0/24]}]}';
  expect(said(`{subnets: [192.168.50.0/24], gateway: {firewall: ${lists}}}`)).toEqual([
    expect.stringMatching(/`spec\.gateway\.firewall\.allow\[0\]\.cidrs` has no effect on 172\.16\.9\.0\/24/),
    expect.stringMatching(
      /`spec\.gateway\.firewall\.deny\[0\]\.cidrs` has no effect on 10\.0\.0\.0\/8, 192\.168\.0\.0\/16/,
    ),
  ]);
});

test('networks of a family that does not leave', () => {
  expect(said('{subnets: [192.168.50.0/24], gateway: {firewall: {deny: [{cidrs: ["2001:db8::/32"]}]}}}')).toEqual([
    'Advice warning: 2001:db8::/32 in `spec.gateway.firewall.deny[0].cidrs` has no effect: the network has no IPv6 subnet, so IPv6 does not leave through the gateway',
  ]);
});
