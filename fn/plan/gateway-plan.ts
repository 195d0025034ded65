import type { Egress, NetworkEgress } from '../api/egress.ts';
import type { FixedTarget, PortForward } from '../api/gateway.ts';
import type { Address } from '../net/address.ts';
import type { Cidr } from '../net/cidr.ts';
import type { InterfaceAddress } from '../net/interface-address.ts';
import type { NonEmpty } from '../net/non-empty.ts';

export type { Destination } from '../api/destination.ts';
export type { Tunnel } from '../api/egress.ts';
export type { PortForward, WorkloadTarget } from '../api/gateway.ts';

/** A router: its Deployment, and its addresses on the networks. */
export interface RouterPlan {
  /** Deployment and NetworkAttachmentDefinition of this router. */
  readonly name: string;
  /** The `name` of its CNI configuration. */
  readonly cniName: string;
  readonly index: number;
  /** Those on the network's interface that only this router has; alone, it has the gateway's. */
  readonly addresses: NonEmpty<InterfaceAddress>;
  /** Fixed, so that the clients' neighbour entries outlive a restart of the router. */
  readonly mac: string;
  /**
   * Those on the interface of the egress, with what clients share where there is one router; none
   * where something else gives it its
   * address.
   */
  readonly egressAddresses: readonly InterfaceAddress[];
}

/** The only interface through which clients' traffic leaves the router. */
export type EgressPlan = { readonly interface: string } & (
  | Exclude<Egress, NetworkEgress>
  // The networks that the routers' addresses are in, of which hosts are reached without a next hop;
  // one of each family at most.
  | (NetworkEgress & { readonly networks: readonly Cidr[] })
);

/** How another router takes over the gateway's addresses. */
export type FailoverPlan =
  | { readonly type: 'None' }
  | {
      readonly type: 'VRRP';
      /** The addresses of the active router, on the network and on the egress. */
      readonly overlay: NonEmpty<InterfaceAddress>;
      readonly egress: readonly InterfaceAddress[];
      /** Whether the routers share their connections, which then survive a failover. */
      readonly synchronised: boolean;
    };

/** A port that leads to addresses. */
export type LocatedForward = PortForward & { readonly target: FixedTarget };

/** The DNS server of the clients on the network. */
export type ResolverPlan =
  | {
      readonly type: 'None';
      /** Name servers that the user has set and no client uses. */
      readonly unused: readonly Address[];
    }
  | {
      readonly type: 'Gateway';
      /** Queried through the egress. Empty: the cluster's DNS. */
      readonly upstreams: readonly Address[];
    };
