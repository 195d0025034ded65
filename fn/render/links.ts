import type { KubernetesObject } from '../krm/input.ts';
import { formatAddress } from '../net/address.ts';
import type { LinkOverlayPlan, LinkPlan, NetworkPlan } from '../plan/network-plan.ts';
import { clusterMetadata } from './metadata.ts';

/** What node-network-operator builds on the selected nodes: one network interface. */
export interface Link extends KubernetesObject {
  readonly spec: { readonly interfaceName: string };
}

/**
 * The kernel's own range of source ports, one a flow; the operator's default of a single port gives
 * every flow the same path.
 */
const SOURCE_PORTS = { start: 32768, end: 60999 };

/**
 * The bridge and the VXLAN as Link objects of solidDoWant/node-network-operator (API v1alpha1,
 * cluster-scoped), which builds
 * them on the nodes. Its VXLAN floods to one remote address, a multicast group, by an interface that must be named.
 */
export function links(plan: NetworkPlan, overlay: LinkOverlayPlan): readonly Link[] {
  const { names, bridge, mtu } = plan;
  const bridgeLink = link(plan, names.links.bridge, bridge, { bridge: { mtu } });
  if (overlay.type === 'SingleNode') return [bridgeLink];
  return [
    bridgeLink,
    link(plan, names.links.underlay, overlay.underlay, { unmanaged: {} }),
    link(plan, names.links.vxlan, overlay.device, { vxlan: vxlan(plan, overlay) }),
  ];
}

function vxlan({ names, mtu }: NetworkPlan, overlay: LinkPlan): object {
  return {
    vnid: overlay.vni,
    remoteIPAddress: formatAddress(overlay.group),
    port: overlay.port,
    sourcePort: SOURCE_PORTS,
    mtu,
    device: { name: names.links.underlay },
    master: { name: names.links.bridge },
  };
}

function link(plan: NetworkPlan, name: string, interfaceName: string, kind: object): Link {
  const nodes = plan.placement.network;
  const selector = {
    ...(Object.keys(nodes.labels).length > 0 && { matchLabels: nodes.labels }),
    ...(nodes.expressions.length > 0 && { matchExpressions: nodes.expressions }),
  };
  return {
    apiVersion: 'nodenetworkoperator.soliddowant.dev/v1alpha1',
    kind: 'Link',
    metadata: clusterMetadata(plan, name),
    spec: { interfaceName, ...(Object.keys(selector).length > 0 && { nodeSelector: selector }), ...kind },
  };
}
