import { configMap, node, pod, podOfDaemonSet, missingPlugin } from './cluster-objects.ts';
import { multus } from './healthy.ts';
import { cilium } from './distributions.ts';
import type { Fault } from './fault.ts';

const NAD = 'network-attachment-definitions.k8s.cni.cncf.io';
const ON_TALOS = { info: { osImage: 'Talos (v1.11.5)' } };

/** What is wrong with Multus, with whereabouts, or with the CNI plugins. */
export const FAULTS_OF_PLUGINS: readonly Fault[] = [
  {
    title: 'Multus is not on one node',
    remove: ['Pod kube-multus-ds-node2'],
    says: 'error multus: the DaemonSet kube-system/kube-multus-ds has no pod on node2',
  },
  {
    title: 'Multus is not ready on one node',
    put: [podOfDaemonSet('kube-multus-ds', 'node1', 'kube-system', false)],
    says: 'error multus: the DaemonSet kube-system/kube-multus-ds is not ready on node1',
  },
  {
    title: 'Multus is not installed, and never was',
    remove: ['DaemonSet kube-multus-ds'],
    put: ['node1', 'node2'].map((name) => pod(`web-${name}`, name, false)),
    says: 'error multus: no DaemonSet of Multus is there',
  },
  {
    title: 'Cilium does not leave the files of others alone',
    remove: ['DaemonSet kube-flannel-ds', 'ConfigMap kube-flannel-cfg'],
    put: cilium({ 'cni-exclusive': 'true' }),
    says: "error first-configuration: Cilium renames the file of Multus to *.cilium_bak: cni-exclusive is 'true' in the ConfigMap kube-system/cilium-config",
  },
  {
    title: 'a pod that is younger than Multus was not attached by it',
    put: [pod('web-node2', 'node2', false)],
    says: 'error first-configuration: pods that are younger than Multus were not attached by it on node2 (web/web-node2)',
  },
  {
    title: 'MicroK8s, with the usual folders',
    put: [node(1, { labels: { 'microk8s.io/cluster': 'true' } })],
    says: 'error multus-folders: MicroK8s reads configurations in /var/snap/microk8s/current/args/cni-network, which the DaemonSet kube-system/kube-multus-ds does not mount; it mounts /etc/cni/net.d, /opt/cni/bin',
  },
  {
    title: 'Talos, with the thick Multus as it comes',
    put: [...multus('thick'), node(1, ON_TALOS)],
    says: 'error multus-folders: the DaemonSet kube-system/kube-multus-ds mounts /run/netns, and Talos has the network namespaces of pods in /var/run/netns',
  },
  {
    title: 'Multus keeps its files elsewhere',
    put: [
      ...multus('thick'),
      configMap('multus-daemon-config', { 'daemon-config.json': '{"cniDir": "/var/lib/multus"}' }),
    ],
    says: 'error multus-folders: egress/vpn: Multus keeps its files in /var/lib/multus, and the agents look in /var/lib/cni/multus',
  },
  {
    title: 'the thick Multus keeps its files in its pod',
    put: multus('thick', { folders: { cni: '/etc/cni/net.d' } }),
    says: 'error multus-folders: egress/vpn: the DaemonSet kube-system/kube-multus-ds does not mount /var/lib/cni/multus, where the agents look for its files',
  },
  {
    title: 'Multus isolates namespaces',
    put: multus('thin', { args: ['--multus-conf-file=auto', '--namespace-isolation=true'] }),
    says: 'error namespace-isolation: egress/vpn: Multus isolates namespaces, and an attachment of egress is named by apps/client',
  },
  {
    title: 'a CNI plugin is not on a node',
    put: [missingPlugin('tuning')],
    says: 'error cni-plugins: the CNI plugin tuning was not found on node2',
  },
  {
    title: 'whereabouts is not installed',
    remove: ['DaemonSet whereabouts'],
    says: 'error whereabouts: no DaemonSet of whereabouts is there',
  },
  {
    title: 'whereabouts is not ready on a node',
    put: [podOfDaemonSet('whereabouts', 'node2', 'kube-system', false)],
    says: 'error whereabouts: the DaemonSet kube-system/whereabouts is not ready on node2',
  },
  {
    title: 'the schedule of whereabouts is none',
    put: [configMap('whereabouts-config', { 'cron-expression': 'daily' })],
    says: "warning whereabouts: the schedule of its reconciler is 'daily', which has not five fields",
  },
  {
    title: 'the kind of attachments is not there',
    remove: [`CustomResourceDefinition ${NAD}`],
    says: `error multus: the CustomResourceDefinition ${NAD} is not there`,
  },
  {
    title: 'a kind of whereabouts is not there',
    remove: ['CustomResourceDefinition ippools.whereabouts.cni.cncf.io'],
    says: 'error whereabouts: the CustomResourceDefinition ippools.whereabouts.cni.cncf.io is not there',
  },
];
