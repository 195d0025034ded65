import {
  configMap,
  customKind,
  daemonSet,
  nodes,
  type Planted,
  podOfDaemonSet,
  replaced,
  without,
} from './cluster-objects.ts';
import { COMMON } from './healthy.ts';

const OPENSHIFT_MULTUS = {
  namespaceIsolation: true,
  globalNamespaces: 'default,openshift-multus,openshift-sriov-network-operator,openshift-cnv',
  cniConfigDir: '/host/etc/cni/net.d',
};

/** What a network sets, as its attachments write it: the list of docs/platforms/openshift.md. */
export const ALLOWED = [
  '^net.ipv4.ip_forward$',
  '^net.ipv4.conf.all.rp_filter$',
  '^net.ipv4.conf.all.send_redirects$',
  '^net.ipv4.conf.net1.send_redirects$',
  '^net.ipv4.conf.net1.arp_notify$',
  '^net.ipv4.ping_group_range$',
].join('\n');

/** As `oc adm policy add-scc-to-user privileged` makes it. */
export function constraintBinding(...accounts: readonly string[]): Planted {
  const name = 'system:openshift:scc:privileged';
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace: 'egress' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: accounts.map((account) => ({ kind: 'ServiceAccount', name: account, namespace: 'egress' })),
  };
}

export const OPENSHIFT: readonly Planted[] = replaced(
  without(COMMON, 'DaemonSet whereabouts', 'ServiceCIDR kubernetes', 'ConfigMap coredns'),
  ...nodes({ labels: { 'node.openshift.io/os_id': 'rhel' }, spec: { podCIDR: undefined, podCIDRs: undefined } }),
  customKind('clusterversions.config.openshift.io', 'ClusterVersion', 'Cluster'),
  customKind('networks.config.openshift.io', 'Network', 'Cluster'),
  {
    apiVersion: 'config.openshift.io/v1',
    kind: 'Network',
    metadata: { name: 'cluster' },
    spec: { clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }], serviceNetwork: ['172.30.0.0/16'] },
  },
  daemonSet('ovnkube-node', 'ovnkube-controller', { namespace: 'openshift-ovn-kubernetes' }),
  daemonSet('multus', 'kube-multus', {
    namespace: 'openshift-multus',
    image: 'quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:0',
    folders: {
      'system-cni-dir': '/etc/kubernetes/cni/net.d',
      'host-run-netns': '/run/netns/',
      'host-var-lib-cni-multus': '/var/lib/cni/multus',
    },
    config: 'multus-daemon-config',
  }),
  daemonSet('multus-additional-cni-plugins', 'kube-multus-additional-cni-plugins', { namespace: 'openshift-multus' }),
  daemonSet('whereabouts-reconciler', 'whereabouts', {
    namespace: 'openshift-multus',
    folders: { 'cni-net-dir': '/etc/kubernetes/cni/net.d' },
  }),
  ...['node1', 'node2'].flatMap((name) => [
    podOfDaemonSet('multus', name, 'openshift-multus'),
    podOfDaemonSet('whereabouts-reconciler', name, 'openshift-multus'),
  ]),
  configMap('multus-daemon-config', { 'daemon-config.json': JSON.stringify(OPENSHIFT_MULTUS) }, 'openshift-multus'),
  configMap('cni-sysctl-allowlist', { 'allowlist.conf': ALLOWED }, 'openshift-multus'),
  constraintBinding('vpn-node-agent', 'vpn-router'),
);
