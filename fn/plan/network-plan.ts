import type { Agent, LinkVXLAN } from '../api/agent.ts';
import type { Client } from '../api/client.ts';
import type { Firewall } from '../api/gateway.ts';
import type { Nodes } from '../api/nodes.ts';
import type { VXLAN } from '../api/overlay.ts';
import type { Resources } from '../api/resources.ts';
import type { Selector } from '../api/selector.ts';
import type { FileRef, ResourceRef } from '../krm/problem.ts';
import type { Address, Family } from '../net/address.ts';
import type { Cidr } from '../net/cidr.ts';
import type { NonEmpty } from '../net/non-empty.ts';
import type { Range } from '../net/range.ts';
import type { MonitoringPlan } from './monitoring.ts';
import type {
  EgressPlan,
  FailoverPlan,
  LocatedForward,
  PortForward,
  ResolverPlan,
  RouterPlan,
} from './gateway-plan.ts';

export type { SnatExemption } from '../api/agent.ts';
export type { Scope } from '../api/client.ts';
export type { Nodes, Toleration } from '../api/nodes.ts';
export type { Flooding } from '../api/overlay.ts';
export type { Resources } from '../api/resources.ts';
export type { LabelExpression, Selector } from '../api/selector.ts';
export type { RouterPlan } from './gateway-plan.ts';

/**
 * What one GatewayNetwork means, with nothing left to decide: every name and address is computed.
 * The renderers only write it
 * down.
 */
export interface NetworkPlan {
  readonly name: string;
  /** Empty where the GatewayNetwork names none; the objects then name none either. */
  readonly namespace: string;
  /** `namespace/name`, or the name alone: how messages and marks call the network. */
  readonly label: string;
  readonly ref: ResourceRef;
  /** The file that the GatewayNetwork came from. */
  readonly file: FileRef | undefined;
  readonly names: ObjectNames;
  /** The largest IP packet that passes, in bytes; the same on bridge, VXLAN and in every pod. */
  readonly mtu: number;
  /** The bridge that pods are attached to, on each node. */
  readonly bridge: string;
  /**
   * The bridge that CNI plugins attach pods to where there is a node agent, which moves their ports
   * to the other one.
   */
  readonly entry: string;
  /** The group of the bridge's ports (IFLA_GROUP), by which packet filter rules know them. */
  readonly portGroup: number;
  /** One for each IP family of the network, IPv4 first. */
  readonly subnets: NonEmpty<SubnetPlan>;
  /** Routes of the clients' interface on the network, IPv4 first. */
  readonly clientRoutes: readonly Route[];
  /** Networks of both families that none of these routes leads to; without what no router forwards. */
  readonly unroutedCidrs: readonly Cidr[];
  /**
   * Networks that clients reach without the gateway, so the router does not forward to them;
   * disjoint CIDRs of both families.
   */
  readonly clusterCidrs: readonly Cidr[];
  /** Those of them that the user has not named: private ranges, of the network's families. */
  readonly keptByDefault: readonly Cidr[];
  readonly ipam: 'Whereabouts' | 'HostLocal';
  readonly overlay: OverlayPlan;
  readonly agent: AgentPlan;
  /** Whether frames between clients are dropped. */
  readonly isolated: boolean;
  readonly routers: NonEmpty<RouterPlan>;
  readonly egress: EgressPlan;
  readonly failover: FailoverPlan;
  readonly firewall: Firewall;
  readonly forwards: readonly PortForward[];
  readonly resolver: ResolverPlan;
  /**
   * Addresses of which one must answer through the egress for a router to be ready; none where that
   * is not asked for.
   */
  readonly healthCheck: readonly Address[];
  /** The domain of the cluster's own names, without dots around it. */
  readonly clusterDomain: string;
  readonly placement: { readonly network: Nodes; readonly routers: Nodes };
  readonly resources: { readonly router: Resources; readonly resolver: Resources };
  readonly image: string;
  readonly pullSecrets: readonly string[];
  readonly clients: readonly ClientsPlan[];
  /** Whether the API server refuses pods that would leave around the gateway. */
  readonly isChecked: boolean;
  /**
   * Namespaces besides the network's own that have a clients' attachment, which pods there name; in
   * ascending order.
   */
  readonly attachmentNamespaces: readonly string[];
  readonly primary: PrimaryPlan;
  readonly monitoring: MonitoringPlan;
  readonly networkPolicies: readonly NetworkPolicyPlan[];
}

/** A plan whose forwarded ports lead to addresses: what is rendered. */
export interface LocatedPlan extends NetworkPlan {
  readonly forwards: readonly LocatedForward[];
}

/** Names of the rendered objects; every one begins with the network's own. */
export interface ObjectNames {
  /** The `name` of the clients' CNI configuration, unique in the cluster. */
  readonly clientCNI: string;
  /** The nftables tables on the nodes. */
  readonly nodeTable: string;
  /** ConfigMap of the program that lets clients answer inbound connections, in their namespaces. */
  readonly inbound: string;
  /** NetworkAttachmentDefinition of the clients. */
  readonly clientAttachment: string;
  /** DaemonSet, ConfigMap and ServiceAccount of the node agent. */
  readonly agent: string;
  /** Cluster-scoped Link objects of node-network-operator; they carry the namespace in their names. */
  readonly links: { readonly bridge: string; readonly underlay: string; readonly vxlan: string };
  /** Headless Service by which the agents find each other. */
  readonly peers: string;
  /** ConfigMap and ServiceAccount of the routers. */
  readonly router: string;
  /** Cluster-scoped admission policy for all pods. */
  readonly policy: string;
  /** What serves the metrics of the nodes, and has them read, watched and shown. */
  readonly metrics: string;
  /** The file of metrics that the agent writes on its node; networks share the directory. */
  readonly metricsFile: string;
}

export interface SubnetPlan {
  readonly family: Family;
  readonly cidr: Cidr;
  readonly gateway: Address;
  /** What clients get their addresses from, in ascending order and without what is reserved; there is some. */
  readonly pool: readonly Range[];
  /** From the first address of the pool to the last. */
  readonly poolSpan: Range;
  /** What lies between the ranges of the pool. */
  readonly poolGaps: readonly Cidr[];
}

/** A route of a client. Without a gateway (`OnLink`) it is never skipped by the kernel, and nothing answers on it. */
export type Route =
  | { readonly type: 'Gateway'; readonly destination: Cidr; readonly gateway: Address }
  | { readonly type: 'OnLink'; readonly destination: Cidr };

type WithDevice<Overlay> = Omit<Overlay, 'device'> & { readonly device: string };

export type OverlayPlan = { readonly type: 'SingleNode' } | WithDevice<VXLAN>;

export type DaemonSetPlan = Extract<Agent, { readonly type: 'DaemonSet' }>;

export type AgentPlan = DaemonSetPlan | { readonly type: 'NodeNetworkOperator'; readonly overlay: LinkOverlayPlan };

export type LinkOverlayPlan = { readonly type: 'SingleNode' } | LinkPlan;

export type LinkPlan = WithDevice<LinkVXLAN>;

/** A choice of clients, and where their addresses come from. */
export type ClientsPlan = Omit<Client, 'addressing'> & {
  readonly addressing: AddressingPlan;
  /** The name of its admission policies, which are cluster-scoped. */
  readonly policy: string;
};

/**
 * `Pool`: addresses come from the clients' pool, by the clients' attachment. `Fixed`: the pod has
 * an attachment of its own.
 */
export type AddressingPlan = { readonly type: 'Pool' } | FixedPlan;

export interface FixedPlan {
  readonly type: 'Fixed';
  /** Name of the NetworkAttachmentDefinition. */
  readonly attachment: string;
  /** The `name` of its CNI configuration. */
  readonly cniName: string;
  /** One in each subnet, in the order of the subnets. */
  readonly addresses: readonly { readonly address: Address; readonly subnet: SubnetPlan }[];
  /** Namespaces besides the network's own that have the attachment too; in ascending order. */
  readonly namespaces: readonly string[];
}

/** A NetworkPolicy of clients, in one namespace. */
export interface NetworkPolicyPlan {
  readonly name: string;
  readonly namespace: string;
  readonly selector: Selector;
  /** What the pods may send to by their primary interface. */
  readonly cidrs: readonly Cidr[];
}

/** What clients do by their primary interface. */
export interface PrimaryPlan {
  /** The families whose new connections must not leave by it, and the destinations that are exempt. */
  readonly guarded: readonly { readonly family: Family; readonly cidrs: readonly Cidr[] }[];
  /** Whether clients start only when their node holds them to that. */
  readonly isHeld: boolean;
  /** The namespaces of clients that reply there to inbound connections, in ascending order. */
  readonly inboundNamespaces: readonly string[];
}
