import type { Egress, NetworkEgress } from '../api/egress.ts';
import type { FixedTarget, PortForward } from '../api/gateway.ts';
import type { Address } from '../net/address.ts';
import type { Cidr } from '../net/cidr.ts';
import type { InterfaceAddress } from '../net/interface-address.ts';
import type { NonEmpty } from '../net/non-empty.ts';

export type { Destination } from '../api/destination.ts';
export type { Tunnel } from '../api/egress.ts';
export type { PortForward, WorkloadTarget } from '../api/gateway.ts';

/** A router: its Deployment, and what it has of its own on the networks. */
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
   * Those on the interface of the egress, with what clients share where there is one router; none where something else gives it its
   * address.
   */
  readonly egressAddresses: readonly InterfaceAddress[];
}

/** By which interface of the router the traffic of the clients leaves it, and no other. */
export type EgressPlan = { readonly interface: string } & (
  | Exclude<Egress, NetworkEgress>
  // The networks that the routers' addresses are in, of which hosts are reached without a next hop; one of each family at most.
  | (NetworkEgress & { readonly networks: readonly Cidr[] })
);

/** How the gateway's addresses outlive a router. */
export type FailoverPlan =
  | { readonly type: 'None' }
  | {
      readonly type: 'VRRP';
      /** What the router that is master has on the network and on the egress. */
      readonly overlay: NonEmpty<InterfaceAddress>;
      readonly egress: readonly InterfaceAddress[];
      /** Whether the routers tell each other of their connections, which then outlive a failover. */
      readonly synchronised: boolean;
    };

/** A port that leads to addresses. */
export type LocatedForward = PortForward & { readonly target: FixedTarget };

/** Who answers the clients' questions for names on the network. */
export type ResolverPlan =
  | {
      readonly type: 'None';
      /** The name servers of the user, which nobody asks. */
      readonly unused: readonly Address[];
    }
  | {
      readonly type: 'Gateway';
      /** Asked by way of the egress; none: the cluster's own. */
      readonly upstreams: readonly Address[];
    };
