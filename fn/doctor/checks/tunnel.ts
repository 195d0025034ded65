import type { V1Node } from '@kubernetes/client-node';
import { type Check, listed, type Observed, unknown, warning } from '../check.ts';
import type { Network } from '../network.ts';
import { nodesFor } from '../selected-nodes.ts';
import { itemsOf } from '../check.ts';
import type { Subject } from '../subject.ts';

/** The release of Linux that WireGuard is a part of (Linux 5.6, "Networking"). */
const WIREGUARD = [5, 6] as const;
/** What node-feature-discovery says of a module that is loaded or built in. */
const FEATURES = [
  'feature.node.kubernetes.io/kernel-loadedmodule.wireguard',
  'feature.node.kubernetes.io/kernel-enabledmodule.wireguard',
];
const TUN = '/dev/net/tun';

/** Whether the kernel of the routers' nodes can hold the tunnel. */
export const tunnel: Check = {
  name: 'tunnel',
  why: 'a router whose tunnel is not built lets nothing pass',
  anchor: 'the-kernel-has-no-tunnel',
  examine: (subject) =>
    subject.networks.flatMap((one) => examineNetwork(one, subject).map((seen) => ({ ...seen, network: one.label }))),
};

function examineNetwork(network: Network, { facts }: Subject): readonly Observed[] {
  const pod = network.routers[0]?.spec?.template.spec;
  if (pod === undefined || network.routerConfig?.egress.type !== 'VPN') return [];
  if ('unseen' in facts.nodes) return [unknown(`nodes cannot be seen: ${facts.nodes.unseen}`)];
  const nodes = nodesFor(pod, itemsOf(facts.nodes), false);
  const usesTun = pod.volumes?.some(({ hostPath }) => hostPath?.path === TUN);
  return [
    ...(network.routerConfig.wireGuard?.implementation === 'Kernel' ? [wireGuardOn(nodes)] : []),
    ...(usesTun
      ? [
          unknown(
            `${TUN} is needed on the nodes of routers, and devices are not told by the API`,
            `modprobe tun; ls -l ${TUN} there`,
          ),
        ]
      : []),
  ];
}

function wireGuardOn(nodes: readonly V1Node[]): Observed {
  const old = nodes.filter((node) => !hasFeature(node) && !isNewer(node));
  if (old.length > 0) {
    const names = old.map(({ metadata, status }) => `${metadata?.name} (Linux ${status?.nodeInfo?.kernelVersion})`);
    return warning(
      `WireGuard is not a part of Linux before ${WIREGUARD.join('.')}: ${listed(names)}`,
      'install its module there, or set `spec.gateway.egress.vpn.wireGuard.implementation: Userspace`',
    );
  }
  return unknown(
    `all nodes of routers have Linux ${WIREGUARD.join('.')} or later, of which WireGuard is a part where it was built; modules are not told by the API`,
    'modprobe wireguard there',
  );
}

function hasFeature({ metadata }: V1Node): boolean {
  return FEATURES.some((label) => metadata?.labels?.[label] === 'true');
}

function isNewer({ status }: V1Node): boolean {
  const [major = 0, minor = 0] = (status?.nodeInfo?.kernelVersion ?? '').split('.').map(Number);
  return major > WIREGUARD[0] || (major === WIREGUARD[0] && minor >= WIREGUARD[1]);
}
