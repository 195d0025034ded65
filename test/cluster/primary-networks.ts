import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutPulls } from './add-ons.ts';
import { ADDRESS, PODS, PORT, SERVICES } from './control-plane.ts';
import type { Node } from './node.ts';
import type { Programs } from './programs.ts';

/**
 * What connects the pods of a cluster: `ptp` by the nodes' own configuration, as kindnet writes it; all others by their
 * DaemonSet.
 */
export type PrimaryNetwork = 'ptp' | 'flannel-vxlan' | 'flannel-host-gw' | 'kube-router';

/** Its manifests, which are its own: only what a user has to say is changed, such as the networks. */
export function primaryManifests(
  { flannel, kubeRouter }: Programs,
  primary: PrimaryNetwork,
  proxyMode: 'iptables' | 'nftables',
): string | undefined {
  switch (primary) {
    case 'ptp':
      return undefined;
    case 'flannel-vxlan':
    case 'flannel-host-gw':
      return flannelManifests(join(flannel, 'kube-flannel.yml'), primary.slice('flannel-'.length), proxyMode);
    case 'kube-router':
      return kubeRouterManifests(join(kubeRouter, 'generic-kuberouter-all-features.yaml'));
  }
}

/** Its plugin, the newest whose module a proxy serves, knows one family, and versions of the CNI up to 0.4.0. */
function flannelManifests(file: string, backend: string, proxyMode: 'iptables' | 'nftables'): string {
  return edited(file, [
    ['"Type": "vxlan"', `"Type": "${backend}"`],
    ['"EnableNFTables": false', `"EnableNFTables": ${proxyMode === 'nftables'}`],
    ['"cniVersion": "1.0.0"', '"cniVersion": "0.4.0"'],
    ['initialDelaySeconds: 5\n          periodSeconds: 10', 'periodSeconds: 1'],
  ]);
}

/** Services stay with kube-proxy, since they would need IPVS. */
function kubeRouterManifests(file: string): string {
  const services = SERVICES.networks.map((network) => `        - "--service-cluster-ip-range=${network}"`);
  return edited(file, [
    ['%CLUSTERCIDR%', PODS.join(',')],
    ['%APISERVER%', `https://${ADDRESS}:${PORT}`],
    [
      '"--run-service-proxy=true"',
      ['"--run-service-proxy=false"', '        - "--enable-ipv6=true"', ...services].join('\n'),
    ],
  ]);
}

/**
 * Whether a node's configuration is whole. kube-router adds the addresses of the node's pods to what its installer
 * wrote, and Multus would go on with what it finds first: without them, the plugin says "no IP ranges specified".
 */
export function isConfigured({ folder }: Pick<Node, 'folder'>, primary: PrimaryNetwork): boolean {
  if (primary !== 'kube-router') return true;
  const file = join(folder, 'root/etc/cni/net.d/10-kuberouter.conflist');
  return existsSync(file) && readFileSync(file, 'utf8').includes('"subnet"');
}

/** A file with some of its text replaced. Throws where it does not have that text. */
function edited(file: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce(
    (text, [before, after]) => {
      if (!text.includes(before)) throw new Error(`${file} does not say ${before}`);
      return text.replaceAll(before, after);
    },
    withoutPulls(readFileSync(file, 'utf8')),
  );
}
