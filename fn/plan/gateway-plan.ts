import type { Family } from '../net/address.ts';

/** A router: its Deployment, and what it has of its own on the networks. */
export interface RouterPlan {
  /** Deployment and NetworkAttachmentDefinition of this router. */
  readonly name: string;
  /** The `name` of its CNI configuration. */
  readonly cniName: string;
  readonly index: number;
  /** Addresses with prefix length on the network's interface that only this router has; alone, it has the gateway's. */
  readonly addresses: readonly string[];
  /** Fixed, so that the clients' neighbour entries outlive a restart of the router. */
  readonly mac: string;
  /**
   * Addresses with prefix length on the interface of the egress, those that clients share among them where there is one router; none
   * where something else gives it its address.
   */
  readonly egressAddresses: readonly string[];
}

/** By which interface of the router the traffic of the clients leaves it, and no other. */
export type EgressPlan =
  | { readonly type: 'ClusterNetwork'; readonly interface: string }
  | { readonly type: 'VPN'; readonly interface: string; readonly tunnel: TunnelPlan }
  | {
      readonly type: 'Network';
      readonly interface: string;
      readonly attachment: { readonly name: string; readonly namespace: string };
      /** The networks that the routers' addresses are in, of which hosts are reached without a next hop; one of each family at most. */
      readonly networks: readonly string[];
      /** The next hop of each family that is there. */
      readonly nextHops: readonly string[];
      /** What all clients share, at most one of each family; none where it is the router's own address. */
      readonly snatAddresses: readonly FamilyAddress[];
    };

export interface FamilyAddress {
  readonly family: Family;
  readonly address: string;
}

/** Who makes the interface of a VPN. */
export type TunnelPlan =
  | {
      readonly type: 'WireGuard';
      readonly secretName: string;
      /** `Userspace`: a program that needs /dev/net/tun. */
      readonly implementation: 'Kernel' | 'Userspace';
    }
  | {
      readonly type: 'Container';
      /** As in a pod's spec; its fields are the user's. */
      readonly container: Readonly<Record<string, unknown>> & { readonly name: string };
      readonly volumes: readonly Readonly<Record<string, unknown>>[];
      /** Where the container's own packets may go. */
      readonly endpoints: readonly DestinationPlan[];
    };

/** How the gateway's addresses outlive a router. */
export type FailoverPlan =
  | { readonly type: 'None' }
  | {
      readonly type: 'VRRP';
      /** What the router that is master has, with prefix length, on the network and on the egress. */
      readonly overlay: readonly string[];
      readonly egress: readonly string[];
      /** Whether the routers tell each other of their connections, which then outlive a failover. */
      readonly synchronised: boolean;
    };

/** Destinations of the clients' packets. */
export interface DestinationPlan {
  /** Disjoint networks, as few as possible; none of them means all. */
  readonly cidrs: readonly { readonly family: Family; readonly cidr: string }[];
  readonly protocol: 'Any' | 'TCP' | 'UDP' | 'SCTP' | 'ICMP';
  /** Disjoint ports and ranges (`8000-8999`) in ascending order; none of them means all. */
  readonly ports: readonly string[];
}

/** What clients may reach: of what is not denied all, or where anything is allowed, that. */
export interface FirewallPlan {
  readonly deny: readonly DestinationPlan[];
  readonly allow: readonly DestinationPlan[];
}

/** A port of the router that leads to a client. */
export interface ForwardPlan {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  readonly targetPort: number;
  readonly target: ForwardTarget;
}

/** `Workload`: who has fixed addresses by that name and these labels; to be found among the manifests. */
export type ForwardTarget =
  | { readonly type: 'Addresses'; readonly addresses: readonly FamilyAddress[] }
  | {
      readonly type: 'Workload';
      readonly name: string | undefined;
      readonly namespace: string | undefined;
      readonly labels: Readonly<Record<string, string>>;
    };

/** Who answers the clients' questions for names on the network. */
export type ResolverPlan =
  | {
      readonly type: 'None';
      /** The name servers of the user, which nobody asks. */
      readonly unused: readonly string[];
    }
  | {
      readonly type: 'Gateway';
      /** Asked by way of the egress; none: the cluster's own. */
      readonly upstreams: readonly string[];
    };
