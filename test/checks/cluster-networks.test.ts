import { expect, test } from 'vitest';
import { checkClusterNetworks } from '../../fn/checks/cluster-networks.ts';
import { read } from '../../fn/krm/read.ts';
import { planOf } from '../plan/network.ts';

const said = (text: string, spec: string) =>
  checkClusterNetworks(read(text).input, [planOf(spec)]).map(({ message }) => message);
const NAMED = '{subnets: [10.9.0.0/24], overlay: {vni: 7}, cluster: {cidrs: [10.244.0.0/16]}}';
const service = (spec: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\nspec: {${spec}}\n`;

test.each([
  [service('clusterIP: 10.96.0.10'), 'Service "b/a" has "10.96.0.10" in `spec.clusterIP`'],
  [service('clusterIPs: [10.244.0.1, 10.96.0.10]'), 'Service "b/a" has "10.96.0.10" in `spec.clusterIPs`'],
  [
    'apiVersion: networking.k8s.io/v1beta1\nkind: ServiceCIDR\nmetadata: {name: k}\nspec: {cidrs: [10.96.0.0/12]}\n',
    'ServiceCIDR "k" has "10.96.0.0/12"',
  ],
  [
    'apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\nspec: {podCIDR: 10.42.0.0/24}\n',
    'Node "node-1" has "10.42.0.0/24"',
  ],
  [
    'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nnetworking: {serviceSubnet: "10.244.1.0/24,10.96.0.0/16"}\n',
    'ClusterConfiguration has "10.96.0.0/16" in `networking.serviceSubnet`',
  ],
])('%s is not in what is named', (text, expected) => {
  expect(said(text, NAMED)).toEqual([expect.stringContaining(expected)]);
});

test.each([
  [service('clusterIP: None'), NAMED],
  [service('clusterIP: ""'), NAMED],
  [service('clusterIP: 10.244.3.4'), NAMED],
  [service('clusterIP: [}'), NAMED],
  [service('clusterIP: 10.96.0.10'), '{subnets: [10.9.0.0/24], overlay: {vni: 7}}'],
  [service('clusterIP: "2001:db8::a"'), '{subnets: [10.9.0.0/24], overlay: {vni: 7}, unservedFamily: Bypass}'],
])('%s is no fault of %s', (text, spec) => {
  expect(said(text, spec)).toEqual([]);
});

test('shared addresses are not of the cluster unless they are named', () => {
  const gateway = '{subnets: [10.9.0.0/24], overlay: {vni: 7}';
  expect(said(service('clusterIP: 100.64.0.10'), `${gateway}}`)).toEqual([
    expect.stringContaining('Service "b/a" has "100.64.0.10" in `spec.clusterIP`'),
  ]);
  expect(said(service('clusterIP: 100.64.0.10'), `${gateway}, cluster: {cidrs: [100.64.0.0/16]}}`)).toEqual([]);
});

test('a family that is blocked must keep its Services, too, and a subnet is not among them', () => {
  expect(said(service('clusterIP: "2001:db8::a"'), NAMED)).toEqual([expect.stringContaining('2001:db8::a')]);
  expect(said(service('clusterIP: 10.9.0.10'), NAMED)).toEqual([
    expect.stringContaining('`spec.subnets` must not overlap'),
  ]);
});
