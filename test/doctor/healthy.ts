import {
  configMap,
  corefile,
  customKind,
  type DaemonFields,
  daemonSet,
  namespace,
  node,
  NODES,
  type Planted,
  pod,
  podOfDaemonSet,
} from './cluster-objects.ts';

/** Multus as its own manifests have it: the thin plugin, or the thick daemon. */
export function multus(form: 'thin' | 'thick', fields: DaemonFields = {}): readonly Planted[] {
  const folders = { cni: '/etc/cni/net.d', cnibin: '/opt/cni/bin' };
  const thick = { ...folders, 'host-run-netns': '/run/netns/', 'host-var-lib-cni-multus': '/var/lib/cni/multus' };
  const daemonConfig = { chrootDir: '/hostroot', cniConfigDir: '/host/etc/cni/net.d', multusConfigFile: 'auto' };
  return [
    daemonSet('kube-multus-ds', 'kube-multus', {
      ...(form === 'thin'
        ? { folders, args: ['--multus-conf-file=auto'] }
        : { folders: thick, config: 'multus-daemon-config' }),
      ...fields,
    }),
    ...(form === 'thick'
      ? [configMap('multus-daemon-config', { 'daemon-config.json': JSON.stringify(daemonConfig) })]
      : []),
  ];
}

export const WHEREABOUTS: readonly Planted[] = [
  customKind('ippools.whereabouts.cni.cncf.io', 'IPPool', 'Namespaced', 'v1alpha1'),
  customKind(
    'overlappingrangeipreservations.whereabouts.cni.cncf.io',
    'OverlappingRangeIPReservation',
    'Namespaced',
    'v1alpha1',
  ),
  daemonSet('whereabouts', 'whereabouts', { folders: { 'cni-net-dir': '/etc/cni/net.d', cnibin: '/opt/cni/bin' } }),
  configMap('whereabouts-config', { 'cron-expression': '30 4 * * *' }),
  ...NODES.map((name) => podOfDaemonSet('whereabouts', name)),
];

/** What every healthy cluster has, except the primary CNI and Multus. */
export const COMMON: readonly Planted[] = [
  namespace('kube-system'),
  namespace('egress', { 'pod-security.kubernetes.io/enforce': 'privileged' }),
  namespace('apps', { 'pod-security.kubernetes.io/enforce': 'restricted' }),
  namespace('web'),
  ...NODES.map((_, index) => node(index + 1)),
  customKind('network-attachment-definitions.k8s.cni.cncf.io', 'NetworkAttachmentDefinition'),
  ...WHEREABOUTS,
  ...NODES.map((name) => podOfDaemonSet('kube-multus-ds', name)),
  ...NODES.map((name) => pod(`web-${name}`, name)),
  corefile(),
  ...['system-node-critical', 'system-cluster-critical'].map((name): Planted => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value: 1,
  })),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'kubernetes' },
    spec: { cidrs: ['10.96.0.0/16', 'fd00:96::/112'] },
  },
];

/** A cluster of kubeadm with flannel and the thin Multus. */
export const FLANNEL: readonly Planted[] = [
  namespace('kube-flannel'),
  daemonSet('kube-flannel-ds', 'kube-flannel', { namespace: 'kube-flannel' }),
  configMap(
    'kube-flannel-cfg',
    { 'net-conf.json': '{"Network": "10.244.0.0/16", "Backend": {"Type": "vxlan"}}' },
    'kube-flannel',
  ),
];

export const HEALTHY: readonly Planted[] = [...COMMON, ...multus('thin'), ...FLANNEL];
