import { type Address, byFamily } from '../net/address.ts';
import { type InterfaceAddress, parseInterfaceAddress } from '../net/interface-address.ts';
import { addressesOf, assured } from './assured.ts';
import { type Destination, parseDestination } from './destination.ts';
import { DEFAULTS } from './generated/fields.ts';
import type { Egress as EgressSpec, EgressNetwork, EgressVpn } from './generated/gateway-network.ts';

/** The way by which the traffic of the clients leaves the router. */
export type Egress =
  | { readonly type: 'ClusterNetwork' }
  | { readonly type: 'VPN'; readonly tunnel: Tunnel }
  | NetworkEgress;

export interface NetworkEgress {
  readonly type: 'Network';
  readonly attachment: { readonly name: string; readonly namespace: string };
  /** The routers' own addresses: one of each family for each router; IPv4 first. */
  readonly addresses: readonly InterfaceAddress[];
  /** The next hop of each family that is there. */
  readonly nextHops: readonly Address[];
  /**
   * The shared source addresses of the clients, at most one of each family, with the prefix length
   * of the routers' own.
   */
  readonly snatAddresses: readonly InterfaceAddress[];
}

/** The program that creates the interface of a VPN. */
export type Tunnel =
  | {
      readonly type: 'WireGuard';
      readonly secretName: string;
      /** `Userspace`: a program that needs /dev/net/tun. */
      readonly implementation: 'Kernel' | 'Userspace';
    }
  | {
      readonly type: 'Container';
      /** The one that the container makes. */
      readonly interface: string;
      /** As in a pod's spec; its fields are the user's. */
      readonly container: Readonly<Record<string, unknown>> & { readonly name: string };
      readonly volumes: readonly Readonly<Record<string, unknown>>[];
      /** The destinations of the container's own packets. */
      readonly endpoints: readonly Destination[];
    };

export function parseEgress(egress: EgressSpec | undefined, namespace: string): Egress {
  switch (egress?.type) {
    case 'VPN':
      return { type: 'VPN', tunnel: parseTunnel(assured(egress.vpn)) };
    case 'Network':
      return parseNetworkEgress(assured(egress.network), namespace);
    default:
      return { type: 'ClusterNetwork' };
  }
}

function parseTunnel({ type, wireGuard, container }: EgressVpn): Tunnel {
  if (type === 'WireGuard') {
    const { secretName, implementation = DEFAULTS['spec.gateway.egress.vpn.wireGuard.implementation'] } =
      assured(wireGuard);
    return { type, secretName, implementation };
  }
  const { interface: own, spec, volumes = [], endpoints } = assured(container);
  return {
    type,
    interface: own,
    container: { name: 'vpn', ...spec },
    volumes,
    endpoints: endpoints.map(({ port, ...rest }) => parseDestination({ ...rest, ports: [port] })),
  };
}

function parseNetworkEgress(network: EgressNetwork, home: string): NetworkEgress {
  const { attachment, gateways, snatAddresses } = network;
  const addresses = network.addresses.map((text) => assured(parseInterfaceAddress(text))).toSorted(byFamily);
  return {
    type: 'Network',
    attachment: { name: attachment.name, namespace: attachment.namespace ?? home },
    addresses,
    nextHops: addressesOf(gateways),
    snatAddresses: addressesOf(snatAddresses).map((address) => {
      const { length } = assured(addresses.find(({ family }) => family === address.family));
      return { ...address, length };
    }),
  };
}
