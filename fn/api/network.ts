import type { Address } from '../net/address.ts';
import type { Cidr } from '../net/cidr.ts';
import type { NonEmpty } from '../net/non-empty.ts';
import type { Range } from '../net/range.ts';
import type { Agent } from './agent.ts';
import type { Client } from './client.ts';
import type { Gateway } from './gateway.ts';
import type { Monitoring } from './monitoring.ts';
import type { InterfaceName, Overlay } from './overlay.ts';
import type { Nodes } from './nodes.ts';

/**
 * A valid GatewayNetwork as values: every default of the API is filled in, lists are never absent,
 * and alternatives have a `type`.
 */
export interface Network {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Empty where the GatewayNetwork names none. */
  readonly namespace: string;
  /** One for each IP family, IPv4 first. */
  readonly subnets: NonEmpty<GatewaySubnet>;
  readonly reserved: readonly Range[];
  readonly mtu: number;
  readonly unservedFamily: 'Block' | 'Bypass';
  readonly clientIsolation: 'Disabled' | 'Enabled';
  readonly ipam: 'Whereabouts' | 'HostLocal';
  readonly overlay: Overlay;
  readonly bridge: InterfaceName;
  readonly agent: Agent;
  /** The nodes that the network spans. */
  readonly nodes: Nodes;
  /** The networks of the cluster in the spec. For a family without one, private ranges count as the cluster's. */
  readonly clusterCidrs: readonly Cidr[];
  /** `Netfilter`: what pods send by their primary network passes the rules of their node. */
  readonly dataplane: 'Netfilter' | 'Other';
  readonly gateway: Gateway;
  readonly clients: readonly Client[];
  readonly admissionCheck: 'Disabled' | 'Enabled';
  readonly monitoring: Monitoring;
  readonly image: string;
  readonly pullSecrets: readonly string[];
}

export interface GatewaySubnet {
  readonly cidr: Cidr;
  readonly gateway: Address;
}
