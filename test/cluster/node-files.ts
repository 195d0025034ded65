import { join } from 'node:path';
import { podSubnets, primaryConfig } from '../datapath/bed/primary-network.ts';
import { SERVICES, PODS } from './control-plane.ts';
import type { PrimaryNetwork } from './primary-networks.ts';
import type { Programs } from './programs.ts';

/** What the nodes of a cluster have in common. */
export interface NodeSettings {
  readonly programs: Programs;
  /** Where each node's own folder is made. */
  readonly folder: string;
  /** The folder of the CNI plugins. */
  readonly plugins: string;
  /** The control group that those of the nodes are made in. */
  readonly group: string;
  readonly authority: string;
  readonly kubeconfig: (user: string) => string;
  readonly proxyMode: 'iptables' | 'nftables';
  readonly primary: PrimaryNetwork;
  /** Name servers of the nodes themselves. */
  readonly nameServers: readonly string[];
  readonly mtu: number;
}

/** The files of a node, by their path in its folder. JSON is YAML. */
export function nodeFiles(
  number: number,
  addresses: { readonly IPv4: string; readonly IPv6: string },
  settings: NodeSettings,
): Readonly<Record<string, string>> {
  const name = `node${number}`;
  const folder = join(settings.folder, name);
  const { programs, kubeconfig } = settings;
  const kubelet = [
    join(programs.kubernetes, 'kubelet'),
    `--config=${folder}/kubelet.json`,
    `--kubeconfig=${kubeconfig(`system:node:${name}`)}`,
    `--hostname-override=${name}`,
    `--node-ip=${addresses.IPv4},${addresses.IPv6}`,
  ];
  const proxy = [join(programs.kubernetes, 'kube-proxy'), `--config=${folder}/kube-proxy.json`];
  return {
    'containerd.toml': containerdConfig(),
    'kubelet.json': JSON.stringify(kubeletConfig(folder, name, settings)),
    'kube-proxy.json': JSON.stringify(proxyConfig(name, settings)),
    'resolv.conf': settings.nameServers.map((address) => `nameserver ${address}\n`).join(''),
    ...(settings.primary === 'ptp' && {
      'root/etc/cni/net.d/10-primary.conflist': JSON.stringify(primaryNetwork(number, settings.mtu)),
    }),
    inittab: [
      service(
        folder,
        'containerd',
        [join(programs.containerd, 'containerd'), `--config=${folder}/containerd.toml`],
        programs,
      ),
      service(folder, 'kubelet', kubelet, programs),
      service(folder, 'kube-proxy', proxy, programs),
    ].join(''),
  };
}

/** A line of init's table: a program that is started again when it ends. */
function service(folder: string, name: string, command: readonly string[], { containerd }: Programs): string {
  return `::respawn:env PATH=${containerd}:$PATH ${command.join(' ')} >>${folder}/${name}.log 2>&1\n`;
}

/** The primary network, with the ports of nodes that pods ask for. */
function primaryNetwork(number: number, mtu: number): object {
  const { plugins, ...config } = primaryConfig(number, mtu);
  return {
    ...config,
    cniVersion: '1.0.0',
    plugins: [...plugins, { type: 'portmap', capabilities: { portMappings: true } }],
  };
}

/** The configuration of containerd. */
export function containerdConfig(): string {
  const runtime = "[plugins.'io.containerd.cri.v1.runtime'";
  return `version = 3
disabled_plugins = ['io.containerd.internal.v1.opt', 'io.containerd.nri.v1.nri']

[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = '${PAUSE}'

${runtime}]
restrict_oom_score_adj = true

${runtime}.cni]
bin_dirs = ['/opt/cni/bin']
conf_dir = '/etc/cni/net.d'

${runtime}.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'

${runtime}.containerd.runtimes.runc.options]
SystemdCgroup = false
`;
}

/** What a pod's sandbox runs in. */
export const PAUSE = 'registry.k8s.io/pause:3.10';

function kubeletConfig(folder: string, name: string, { authority, group }: NodeSettings): object {
  const hard = Object.fromEntries(
    ['memory.available', 'nodefs.available', 'nodefs.inodesFree', 'imagefs.available'].map((signal) => [signal, '0%']),
  );
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: { anonymous: { enabled: false }, x509: { clientCAFile: authority } },
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${group}/${name}`,
    clusterDNS: [SERVICES.dns],
    clusterDomain: 'cluster.local',
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    evictionHard: hard,
    failCgroupV1: false,
    failSwapOn: false,
    imageGCHighThresholdPercent: 100,
    nodeStatusUpdateFrequency: '5s',
    protectKernelDefaults: true,
    resolvConf: `${folder}/resolv.conf`,
    serializeImagePulls: false,
    // How full a volume is, which kubelet looks at before it evicts a pod: once a minute unless told.
    volumeStatsAggPeriod: '5s',
  };
}

function proxyConfig(name: string, { kubeconfig, proxyMode }: NodeSettings): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: kubeconfig('system:kube-proxy') },
    clusterCIDR: PODS.join(','),
    // What belongs to the whole machine stays as it is.
    conntrack: { maxPerCore: 0, min: 0, tcpCloseWaitTimeout: '0s', tcpEstablishedTimeout: '0s' },
    hostnameOverride: name,
    mode: proxyMode,
  };
}

/** What the API server is told of a node before its kubelet starts. */
export function nodeObject(number: number): object {
  const podCIDRs = podSubnets(number);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `node${number}` },
    spec: { podCIDR: podCIDRs[0], podCIDRs },
  };
}
