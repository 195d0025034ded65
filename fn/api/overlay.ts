import type { Address, Family } from '../net/address.ts';
import { VXLAN_OVERHEAD } from '../net/mtu.ts';
import { addressOf, assured } from './assured.ts';
import { DEFAULTS } from './generated/fields.ts';
import type { Flooding as FloodingSpec, GatewayNetworkSpec, Underlay } from './generated/gateway-network.ts';

/** How the nodes are connected. */
export type Overlay = { readonly type: 'SingleNode' } | VXLAN;

export interface VXLAN {
  readonly type: 'VXLAN';
  readonly device: InterfaceName;
  readonly vni: number;
  readonly port: number;
  readonly underlay: {
    readonly family: Family;
    /** `HostAddress`: whichever interface holds the node's address. */
    readonly interface: { readonly type: 'HostAddress' } | { readonly type: 'Named'; readonly name: string };
  };
  readonly flooding: Flooding;
}

/** `Derived`: from the names of the network. */
export type InterfaceName = { readonly type: 'Derived' } | { readonly type: 'Named'; readonly name: string };

export type Flooding =
  | { readonly type: 'Discovered' }
  | { readonly type: 'Listed'; readonly peers: readonly Address[] }
  | { readonly type: 'Multicast'; readonly group: Address; readonly ttl: number };

export function parseOverlay({ overlay, interfaces = {} }: GatewayNetworkSpec): Overlay {
  if (overlay === undefined) return { type: 'SingleNode' };
  const { vni, port = DEFAULTS['spec.overlay.port'], underlay = {}, flooding } = overlay;
  const { family = DEFAULTS['spec.overlay.underlay.family'], interface: name } = underlay;
  return {
    type: 'VXLAN',
    device: parseInterfaceName(interfaces.vxlan),
    vni,
    port,
    underlay: { family, interface: name === undefined ? { type: 'HostAddress' } : { type: 'Named', name } },
    flooding: parseFlooding(flooding),
  };
}

export function parseInterfaceName(name: string | undefined): InterfaceName {
  return name === undefined ? { type: 'Derived' } : { type: 'Named', name };
}

/** An empty list of peers is the same as none. */
function parseFlooding(flooding: FloodingSpec | undefined): Flooding {
  if (flooding?.type === 'Multicast') {
    const { group, ttl = DEFAULTS['spec.overlay.flooding.multicast.ttl'] } = assured(flooding.multicast);
    return { type: 'Multicast', group: addressOf(group), ttl };
  }
  const peers = flooding?.unicast?.peers;
  return peers === undefined ? { type: 'Discovered' } : { type: 'Listed', peers: peers.map(addressOf) };
}

/** The MTU of the underlay, and the bytes that VXLAN takes of it. */
export interface Capacity {
  readonly bytes: number;
  readonly family: Family;
  readonly overhead: number;
}

export function capacity({
  family = DEFAULTS['spec.overlay.underlay.family'],
  mtu = DEFAULTS['spec.overlay.underlay.mtu'],
}: Underlay = {}): Capacity {
  return { bytes: mtu, family, overhead: VXLAN_OVERHEAD[family] };
}
