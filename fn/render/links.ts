import type { KubernetesObject } from '../krm/input.ts';
import { NETWORK_NAMESPACE_ANNOTATION } from '../marks.ts';
import type { NetworkPlan, OverlayPlan } from '../plan/network-plan.ts';
import { labels } from './metadata.ts';

/** What node-network-operator builds on the selected nodes: one network interface. */
export interface Link extends KubernetesObject {
  readonly spec: { readonly interfaceName: string };
}

/** The kernel's own range of source ports, one a flow; the operator's default of a single port gives every flow the same path. */
const SOURCE_PORTS = { start: 32768, end: 60999 };

/**
 * The bridge and the VXLAN as Link objects of solidDoWant/node-network-operator (API v1alpha1, cluster-scoped), which builds
 * them on the nodes. Its VXLAN floods to one remote address, a multicast group, by an interface that must be named.
 */
export function links(plan: NetworkPlan): readonly Link[] {
  const { names, bridge, mtu, overlay } = plan;
  const bridgeLink = link(plan, names.links.bridge, bridge, { bridge: { mtu } });
  if (overlay.type === 'SingleNode') return [bridgeLink];
  const { underlay } = overlay;
  if (underlay.interface.type === 'HostAddress' || overlay.flooding.type !== 'Multicast') {
    throw new Error(`network ${plan.name} was not validated: a Link needs a named interface and a multicast group`);
  }
  return [
    bridgeLink,
    link(plan, names.links.underlay, underlay.interface.name, { unmanaged: {} }),
    link(plan, names.links.vxlan, overlay.device, { vxlan: vxlan(plan, overlay, overlay.flooding.group) }),
  ];
}

function vxlan({ names, mtu }: NetworkPlan, overlay: OverlayPlan & { type: 'VXLAN' }, group: string): object {
  return {
    vnid: overlay.vni,
    remoteIPAddress: group,
    port: overlay.port,
    sourcePort: SOURCE_PORTS,
    mtu,
    device: { name: names.links.underlay },
    master: { name: names.links.bridge },
  };
}

function link(plan: NetworkPlan, name: string, interfaceName: string, kind: object): Link {
  const { nodeLabels, nodeExpressions } = plan.placement.network;
  const selector = {
    ...(Object.keys(nodeLabels).length > 0 && { matchLabels: nodeLabels }),
    ...(nodeExpressions.length > 0 && { matchExpressions: nodeExpressions }),
  };
  return {
    apiVersion: 'nodenetworkoperator.soliddowant.dev/v1alpha1',
    kind: 'Link',
    metadata: {
      name,
      labels: labels(plan, 'network'),
      annotations: { [NETWORK_NAMESPACE_ANNOTATION]: plan.namespace },
    },
    spec: { interfaceName, ...(Object.keys(selector).length > 0 && { nodeSelector: selector }), ...kind },
  };
}
