import {
  configMap,
  customKind,
  daemonSet,
  namespace,
  nodes,
  replaced,
  type Planted,
  without,
} from './cluster-objects.ts';
import { COMMON, FLANNEL, HEALTHY, multus } from './healthy.ts';
import { rendered } from './facts.ts';
import { OPENSHIFT } from './openshift.ts';

/** A cluster that is set up as its documentation says, and a network as ours says. */
export interface Distribution {
  readonly version?: string;
  readonly objects: readonly Planted[];
  readonly network?: readonly Planted[];
  /** What is recognised. */
  readonly platform?: string;
  readonly primary: string;
}

const CILIUM: Readonly<Record<string, string>> = {
  ipam: 'cluster-pool',
  'cluster-pool-ipv4-cidr': '10.0.0.0/8',
  'cni-exclusive': 'false',
  'routing-mode': 'tunnel',
  'tunnel-protocol': 'vxlan',
};

export function cilium(settings: Readonly<Record<string, string>> = {}): readonly Planted[] {
  return [daemonSet('cilium', 'cilium-agent'), configMap('cilium-config', { ...CILIUM, ...settings })];
}

const CALICO: readonly Planted[] = [
  customKind('ippools.crd.projectcalico.org', 'IPPool', 'Cluster'),
  customKind('felixconfigurations.crd.projectcalico.org', 'FelixConfiguration', 'Cluster'),
  calico('IPPool', 'default-ipv4-ippool', { cidr: '192.168.0.0/17', vxlanMode: 'CrossSubnet' }),
  calico('FelixConfiguration', 'default', { vxlanPort: 4789 }),
];

function calico(kind: string, name: string, spec: object): Planted {
  return { apiVersion: 'crd.projectcalico.org/v1', kind, metadata: { name }, spec };
}

const KUBEADM = configMap('kubeadm-config', {
  ClusterConfiguration:
    'networking:\n  dnsDomain: cluster.local\n  podSubnet: 10.244.0.0/16\n  serviceSubnet: 10.96.0.0/12\n',
});

/** The folders that the documentation of k3s gives to the chart of Multus. */
const K3S = { cni: '/var/lib/rancher/k3s/agent/etc/cni/net.d', cnibin: '/var/lib/rancher/k3s/data/cni' };
/** Those of the add-on of MicroK8s, whose snap has a revision. */
const MICROK8S = { cni: '/var/snap/microk8s/7731/args/cni-network/', cnibin: '/var/snap/microk8s/7731/opt/cni/bin/' };

export const QUOTA: Planted = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'critical-pods', namespace: 'egress' },
  spec: {
    hard: { pods: '1000' },
    scopeSelector: {
      matchExpressions: [
        { operator: 'In', scopeName: 'PriorityClass', values: ['system-node-critical', 'system-cluster-critical'] },
      ],
    },
  },
};

export const CRITICAL = {
  agent: { type: 'DaemonSet', daemonSet: { priorityClassName: 'system-node-critical' } },
  'gateway.priorityClassName': 'system-cluster-critical',
};
const OWN_CLIENTS = [
  { selector: { matchLabels: { egress: 'vpn' } }, namespaces: ['apps'], attachment: 'PerNamespace' },
];

export const DISTRIBUTIONS: Readonly<Record<string, Distribution>> = {
  'kubeadm with flannel': { objects: [...HEALTHY, KUBEADM], platform: 'kubeadm', primary: 'flannel' },
  'kubeadm with the thick Multus and Calico': {
    objects: [
      ...COMMON,
      ...multus('thick'),
      KUBEADM,
      daemonSet('calico-node', 'calico-node'),
      ...CALICO.slice(0, 2),
      calico('IPPool', 'default-ipv4-ippool', { cidr: '10.244.0.0/16', vxlanMode: 'CrossSubnet' }),
      ...CALICO.slice(3),
    ],
    platform: 'kubeadm',
    primary: 'Calico',
  },
  'kubeadm with Cilium': {
    objects: [...COMMON, ...multus('thin'), KUBEADM, ...cilium()],
    platform: 'kubeadm',
    primary: 'Cilium',
  },
  'Cilium without tunnels, by the subnets of the nodes': {
    objects: [...COMMON, ...multus('thick'), ...cilium({ ipam: 'kubernetes', 'routing-mode': 'native' })],
    primary: 'Cilium',
  },
  'kube-router': {
    objects: [
      ...COMMON,
      ...multus('thin'),
      daemonSet('kube-router', 'kube-router', { args: ['--run-router=true', '--run-firewall=true'] }),
    ],
    primary: 'kube-router',
  },
  'kind, with kindnet': {
    objects: replaced(
      [...COMMON, ...multus('thin'), daemonSet('kindnet', 'kindnet-cni')],
      ...nodes({ spec: { providerID: 'kind://docker/kind/kind-control-plane' } }),
    ),
    platform: 'kind',
    primary: 'kindnet',
  },
  k3s: {
    version: 'v1.34.2+k3s1',
    objects: [...COMMON, ...multus('thin', { folders: K3S })],
    platform: 'k3s',
    primary: 'the flannel of k3s',
  },
  'k3s with Cilium, whose folders are the usual ones': {
    version: 'v1.34.2+k3s1',
    objects: [...COMMON, ...multus('thin'), ...cilium()],
    platform: 'k3s',
    primary: 'Cilium',
  },
  'RKE2 with Canal': {
    version: 'v1.34.2+rke2r1',
    objects: replaced(
      without(
        [
          ...COMMON,
          ...multus('thin', { args: [] }),
          daemonSet('rke2-canal', 'calico-node', { beside: [{ name: 'kube-flannel' }] }),
        ],
        'ConfigMap coredns',
      ),
      configMap('rke2-coredns-rke2-coredns', {
        Corefile: '.:53 {\n    kubernetes cluster.local cluster.local in-addr.arpa ip6.arpa {\n    }\n}\n',
      }),
      configMap('canal-config', { 'net-conf.json': '{"Network": "10.42.0.0/16", "Backend": {"Type": "vxlan"}}' }),
    ),
    platform: 'RKE2',
    primary: 'Calico',
  },
  'MicroK8s with Calico': {
    objects: replaced(
      [...COMMON, ...multus('thin', { folders: MICROK8S }), daemonSet('calico-node', 'calico-node')],
      ...nodes({ labels: { 'microk8s.io/cluster': 'true' } }),
    ),
    platform: 'MicroK8s',
    primary: 'Calico',
  },
  'Talos with flannel': {
    objects: replaced(
      [
        ...COMMON,
        ...FLANNEL,
        ...multus('thick', {
          folders: {
            cni: '/etc/cni/net.d',
            'host-run-netns': '/var/run/netns/',
            'host-var-lib-cni-multus': '/var/lib/cni/multus',
          },
        }),
      ],
      ...nodes({ info: { osImage: 'Talos (v1.11.5)', kernelVersion: '6.12.57-talos' } }),
    ),
    platform: 'Talos',
    primary: 'flannel',
  },
  OpenShift: {
    version: 'v1.33.5',
    objects: OPENSHIFT,
    network: rendered('multi-node', { clients: OWN_CLIENTS }),
    platform: 'OpenShift',
    primary: 'OVN-Kubernetes',
  },
  'GKE with Cilium, as its Dataplane V2 has it': {
    version: 'v1.33.5-gke.1308000',
    objects: replaced(
      [
        ...COMMON,
        ...multus('thin'),
        daemonSet('anetd', 'cilium-agent'),
        configMap('cilium-config', { 'cni-exclusive': 'false', ipam: 'kubernetes', 'routing-mode': 'native' }),
        QUOTA,
      ],
      namespace('egress', { 'pod-security.kubernetes.io/enforce': 'privileged' }),
    ),
    network: rendered('multi-node', { ...CRITICAL, 'overlay.underlay.mtu': 1460 }),
    platform: 'GKE',
    primary: 'Cilium',
  },
  'EKS with the CNI of Amazon': {
    version: 'v1.34.2-eks-b3126f4',
    objects: [
      ...COMMON,
      ...multus('thick'),
      daemonSet('aws-node', 'aws-node', {
        beside: [{ name: 'aws-eks-nodeagent', args: ['--enable-network-policy=true'] }],
      }),
    ],
    platform: 'EKS',
    primary: 'Amazon VPC CNI',
  },
};
