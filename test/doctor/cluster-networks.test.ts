import { expect, test } from 'vitest';
import { clusterNetworks } from '../../fn/doctor/cluster-networks.ts';
import { configMap, node, nodes, type Planted } from './cluster-objects.ts';
import { cilium } from './distributions.ts';
import { factsOf } from './facts.ts';
import { COMMON, FLANNEL } from './healthy.ts';

const POOL = (spec: object): Planted => ({
  apiVersion: 'crd.projectcalico.org/v1',
  kind: 'IPPool',
  metadata: { name: 'default' },
  spec,
});
const SERVICE: Planted = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kubernetes', namespace: 'default' },
  spec: { clusterIPs: ['10.43.0.1', 'fd00:43::1'] },
};
const HEADLESS: Planted = {
  ...SERVICE,
  metadata: { name: 'peers', namespace: 'egress' },
  spec: { clusterIPs: ['None'] },
};
const KUBEADM = configMap('kubeadm-config', {
  ClusterConfiguration: 'networking:\n  serviceSubnet: "10.43.0.0/16,fd00:43::/112"\n',
});
const [SERVICE_CIDR] = COMMON.filter(({ kind }) => kind === 'ServiceCIDR');
const POD: Planted = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'apps' },
  spec: {},
  status: { podIPs: [{ ip: '172.31.7.9' }] },
};
const OPENSHIFT: Planted = {
  apiVersion: 'config.openshift.io/v1',
  kind: 'Network',
  metadata: { name: 'cluster' },
  spec: { clusterNetwork: [{ cidr: '10.128.0.0/14' }] },
};

test.each<readonly [string, readonly Planted[], readonly string[]]>([
  ['a node', [node(1)], ['10.244.1.0/24 of pods', '192.168.1.1 of nodes']],
  [
    'a ServiceCIDR, before all else',
    [SERVICE, KUBEADM, ...(SERVICE_CIDR ? [SERVICE_CIDR] : [])],
    ['10.96.0.0/16 of Services', 'fd00:96::/112 of Services'],
  ],
  ['kubeadm, before Services', [SERVICE, KUBEADM], ['10.43.0.0/16 of Services', 'fd00:43::/112 of Services']],
  ['Services', [SERVICE, HEADLESS], ['10.43.0.1 of Services', 'fd00:43::1 of Services']],
  [
    'the pool of Cilium, and not the subnets of the nodes',
    [...cilium(), node(1)],
    ['10.0.0.0/8 of pods', '192.168.1.1 of nodes'],
  ],
  [
    'the subnets of the nodes, where Cilium uses them',
    [...cilium({ ipam: 'kubernetes' }), node(1)],
    ['10.244.1.0/24 of pods', '192.168.1.1 of nodes'],
  ],
  ['a pool of Calico', [POOL({ cidr: '10.9.0.0/16' })], ['10.9.0.0/16 of pods']],
  ['a pool that is not used', [POOL({ cidr: '10.9.0.0/16', disabled: true })], []],
  ['flannel', [...FLANNEL, node(1)], ['10.244.0.0/16 of pods', '192.168.1.1 of nodes']],
  ['OpenShift', [OPENSHIFT], ['10.128.0.0/14 of pods']],
  [
    'pods, where nothing else tells',
    [POD, ...nodes({ spec: { podCIDRs: undefined } }).slice(1)],
    ['172.31.7.9 of pods', '192.168.1.2 of nodes'],
  ],
  ['pods, where nodes tell', [POD, node(1)], ['10.244.1.0/24 of pods', '192.168.1.1 of nodes']],
])('%s', (_, objects, networks) => {
  expect(clusterNetworks(factsOf(objects)).map(({ text, of }) => `${text} of ${of}`)).toEqual(networks);
});
