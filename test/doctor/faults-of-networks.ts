import {
  configMap,
  corefile,
  customKind,
  daemonSet,
  namespace,
  node,
  type Planted,
  secret,
} from './cluster-objects.ts';
import { cilium } from './distributions.ts';
import { constraintBinding } from './openshift.ts';
import type { Fault } from './fault.ts';
import { otherNetwork } from './other-network.ts';

const LABELLED = { 'pod-security.kubernetes.io/enforce': 'restricted' };
const OWN_CLIENTS = [{ selector: { matchLabels: { egress: 'vpn' } }, namespaces: ['apps'], networkPolicy: 'Enabled' }];
const WIREGUARD = secret('wireguard', 'wg0.conf');
const ON_TALOS = { info: { osImage: 'Talos (v1.11.5)' } };
const ON_OPENSHIFT = customKind('clusterversions.config.openshift.io', 'ClusterVersion', 'Cluster');
const ALL_SYSCTLS = configMap('cni-sysctl-allowlist', { 'allowlist.conf': '^net\\.' });
const OVN = daemonSet('ovnkube-node', 'ovnkube-controller');

function flannelWith(backend: object, network = '10.244.0.0/16'): Planted {
  const config = { Network: network, Backend: backend };
  return configMap('kube-flannel-cfg', { 'net-conf.json': JSON.stringify(config) }, 'kube-flannel');
}

/** What is wrong with a network, in the cluster that it is meant for. */
export const FAULTS_OF_NETWORKS: readonly Fault[] = [
  {
    title: 'pods have addresses outside of spec.cluster.cidrs',
    fields: { 'cluster.cidrs': ['10.96.0.0/12', '192.168.1.0/24'] },
    says: 'error cluster-cidrs: egress/vpn: 10.244.0.0/16 of the pods is not kept in the cluster (ConfigMap kube-flannel-cfg)',
  },
  {
    title: 'Services have addresses outside of spec.cluster.cidrs',
    fields: { 'cluster.cidrs': ['10.244.0.0/16', '192.168.1.0/24'] },
    says: 'error cluster-cidrs: egress/vpn: 10.96.0.0/16 of the Services is not kept in the cluster (ServiceCIDR kubernetes)',
  },
  {
    title: 'nodes have public addresses',
    fields: { 'cluster.cidrs': ['10.0.0.0/8'] },
    says: 'warning cluster-cidrs: egress/vpn: 192.168.1.1 of the nodes is not kept in the cluster (Node node1, and 1 more)',
  },
  {
    title: 'a subnet is that of pods',
    put: [flannelWith({ Type: 'vxlan' }, '192.168.0.0/16')],
    says: 'error subnets: egress/vpn: 192.168.50.0/24 overlaps 192.168.0.0/16 of the pods (ConfigMap kube-flannel-cfg)',
  },
  {
    title: 'a node is in the subnet',
    fields: { subnets: ['192.168.1.0/24'] },
    says: 'error subnets: egress/vpn: 192.168.1.0/24 overlaps 192.168.1.1 of the nodes (Node node1)',
  },
  {
    title: 'a subnet is that of another network',
    put: otherNetwork('192.168.50.128/25', 1001),
    says: 'error subnets: egress/vpn: 192.168.50.0/24 overlaps 192.168.50.128/25 of the network egress/other',
  },
  {
    title: 'a VNI is that of another network',
    put: otherNetwork('172.16.9.0/24', 1000),
    says: 'error vxlan: egress/vpn: VNI 1000 is that of the network egress/other',
  },
  {
    title: 'port and VNI are those of flannel',
    put: [flannelWith({ Type: 'vxlan', Port: 4799, VNI: 1000 })],
    says: 'error vxlan: egress/vpn: flannel uses VNI 1000 on UDP port 4799',
  },
  {
    title: 'the port is that of flannel',
    put: [flannelWith({ Type: 'vxlan', Port: 4799 })],
    says: 'warning vxlan: egress/vpn: flannel uses UDP port 4799 too, with VNI 1',
  },
  {
    title: 'the port is that of Cilium',
    remove: ['DaemonSet kube-flannel-ds', 'ConfigMap kube-flannel-cfg'],
    put: cilium({ 'tunnel-port': '4799' }),
    says: 'error vxlan: egress/vpn: Cilium has UDP port 4799 for itself',
  },
  {
    title: 'Cilium was told of a smaller MTU',
    remove: ['DaemonSet kube-flannel-ds', 'ConfigMap kube-flannel-cfg'],
    put: cilium({ mtu: '1400' }),
    says: 'warning mtu: egress/vpn: nodes must have the MTU 1500, and Cilium was told that they have 1400',
  },
  {
    title: 'no node is chosen for routers',
    fields: { 'gateway.nodes': { selector: { matchLabels: { egress: 'true' } } } },
    says: 'error nodes: egress/vpn: 1 routers need a node each, and 0 of 2 are chosen, ready and not tainted',
  },
  {
    title: 'a node is tainted',
    example: 'ha-vrrp',
    put: [node(2, { spec: { taints: [{ key: 'storage', effect: 'NoSchedule' }] } })],
    says: 'error nodes: egress/vpn: 2 routers need a node each, and 1 of 2 are chosen, ready and not tainted',
  },
  {
    title: 'Talos, and the namespace of the network has no label',
    put: [node(1, ON_TALOS), namespace('egress')],
    says: 'error privileged: egress/vpn: the namespace egress has no label pod-security.kubernetes.io/enforce, and Talos takes baseline then',
  },
  {
    title: 'the namespace of the network is restricted',
    put: [namespace('egress', LABELLED)],
    says: 'error privileged: egress/vpn: the namespace egress has pod-security.kubernetes.io/enforce=restricted',
  },
  {
    title: 'a PriorityClass is not there',
    fields: { 'gateway.priorityClassName': 'important' },
    says: 'error priority-classes: egress/vpn: the PriorityClass important is not there',
  },
  {
    title: 'OpenShift, and an account may not use the constraint',
    put: [ON_OPENSHIFT, OVN, constraintBinding('vpn-router'), ALL_SYSCTLS],
    remove: ['DaemonSet kube-flannel-ds', 'ConfigMap kube-flannel-cfg'],
    says: 'error privileged: egress/vpn: the ServiceAccount egress/vpn-node-agent may not use the security context constraint privileged',
  },
  {
    title: 'OpenShift, and a sysctl is not allowed',
    put: [
      ON_OPENSHIFT,
      OVN,
      constraintBinding('vpn-node-agent', 'vpn-router'),
      configMap('cni-sysctl-allowlist', { 'allowlist.conf': '^net.ipv4.conf.IFNAME.[a-z_]+$' }),
    ],
    remove: ['DaemonSet kube-flannel-ds', 'ConfigMap kube-flannel-cfg'],
    says: 'error sysctls: egress/vpn: the ConfigMap kube-system/cni-sysctl-allowlist does not allow net.ipv4.ip_forward, net.ipv4.conf.all.rp_filter, net.ipv4.conf.all.send_redirects, net.ipv4.conf.net1.send_redirects, net.ipv4.conf.net1.arp_notify and 1 more',
  },
  {
    title: 'a Secret is not there',
    example: 'vpn-wireguard',
    says: 'error secrets: egress/vpn: the Secret egress/wireguard is not there',
  },
  {
    title: 'a Secret has another key',
    example: 'vpn-wireguard',
    put: [secret('wireguard', 'wg.conf')],
    says: 'error secrets: egress/vpn: the Secret egress/wireguard has no key wg0.conf; it has wg.conf',
  },
  {
    title: 'a node is of another architecture',
    put: [node(2, { info: { architecture: 's390x' } })],
    says: 'error images: egress/vpn: the node image is for amd64 and arm64, not for node2 (s390x)',
  },
  {
    title: 'a kernel is older than WireGuard',
    example: 'vpn-wireguard',
    put: [WIREGUARD, node(2, { info: { kernelVersion: '5.4.0-216-generic' } })],
    says: 'warning tunnel: egress/vpn: WireGuard is not a part of Linux before 5.6: node2 (Linux 5.4.0-216-generic)',
  },
  {
    title: 'the domain of the cluster is another',
    put: [corefile('example.org')],
    says: 'error cluster-domain: egress/vpn: names end with cluster.local, and CoreDNS serves example.org',
  },
  {
    title: 'nobody enforces NetworkPolicies',
    fields: { clients: OWN_CLIENTS },
    says: 'warning network-policies: egress/vpn: flannel does not enforce NetworkPolicies',
  },
];
