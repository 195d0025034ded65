import type { WorkloadKind } from '../api/workload-kinds.ts';
import type { FileRef, ResourceRef } from '../krm/problem.ts';
import type { Family } from '../net/address.ts';
import type { EgressPlan, FailoverPlan, FirewallPlan, ForwardPlan, ResolverPlan, RouterPlan } from './gateway-plan.ts';

export type { RouterPlan } from './gateway-plan.ts';

/**
 * What one GatewayNetwork means, with nothing left to decide: every default is filled in, every name and address computed.
 * The renderers only write it down. Addresses and networks are in canonical text (RFC 5952 for IPv6).
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
  /** The bridge that CNI plugins attach pods to where there is a node agent, which lets them on to the other one. */
  readonly entry: string;
  /** The group of the bridge's ports (IFLA_GROUP), by which packet filter rules know them. */
  readonly portGroup: number;
  /** One for each IP family of the network, IPv4 first. */
  readonly subnets: readonly SubnetPlan[];
  /** Routes of the clients' interface on the network, IPv4 first. */
  readonly clientRoutes: readonly Route[];
  /** What clients reach without the gateway, and the router therefore forwards to nobody; disjoint CIDRs of both families. */
  readonly clusterCidrs: readonly { readonly family: Family; readonly cidr: string }[];
  readonly ipam: 'Whereabouts' | 'HostLocal';
  readonly overlay: OverlayPlan;
  readonly agent: AgentPlan;
  /** Whether frames between clients are dropped. */
  readonly isolated: boolean;
  readonly routers: readonly RouterPlan[];
  readonly egress: EgressPlan;
  readonly failover: FailoverPlan;
  readonly firewall: FirewallPlan;
  readonly forwards: readonly ForwardPlan[];
  readonly resolver: ResolverPlan;
  /** Addresses of which one must answer through the egress for a router to be ready; none where that is not asked for. */
  readonly healthCheck: readonly string[];
  /** The domain of the cluster's own names, without dots around it. */
  readonly clusterDomain: string;
  readonly placement: { readonly network: Placement; readonly routers: Placement };
  readonly resources: { readonly agent: Resources; readonly router: Resources; readonly resolver: Resources };
  readonly image: string;
  readonly pullSecrets: readonly string[];
  readonly clients: readonly ClientsPlan[];
  /** Namespaces besides the network's own that have a clients' attachment, which pods there name; in ascending order. */
  readonly attachmentNamespaces: readonly string[];
  readonly inbound: InboundPlan;
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
  /** The file of metrics that the agent writes on its node; networks share the directory. */
  readonly metricsFile: string;
}

export interface SubnetPlan {
  readonly family: Family;
  readonly cidr: string;
  readonly prefixLength: number;
  readonly gateway: string;
  /** What clients get their addresses from, in ascending order and without what is reserved. */
  readonly pool: readonly { readonly first: string; readonly last: string }[];
  /** What lies between the ranges of the pool, as CIDRs. */
  readonly poolGaps: readonly string[];
}

/** A route of a client. Without a gateway (`OnLink`) it is never skipped by the kernel, and nothing answers on it. */
export type Route =
  | { readonly type: 'Gateway'; readonly destination: string; readonly gateway: string }
  | { readonly type: 'OnLink'; readonly destination: string };

export type OverlayPlan =
  | { readonly type: 'SingleNode' }
  | {
      readonly type: 'VXLAN';
      readonly device: string;
      readonly vni: number;
      readonly port: number;
      readonly underlay: {
        readonly family: Family;
        /** `HostAddress`: whichever interface holds the node's address. */
        readonly interface: { readonly type: 'HostAddress' } | { readonly type: 'Named'; readonly name: string };
      };
      readonly flooding: FloodingPlan;
    };

export type FloodingPlan =
  | { readonly type: 'Discovered' }
  | { readonly type: 'Listed'; readonly peers: readonly string[] }
  | { readonly type: 'Multicast'; readonly group: string; readonly ttl: number };

export type AgentPlan =
  | {
      readonly type: 'DaemonSet';
      readonly snatExemption: SnatExemption;
      /** `Manage`: rules are also kept in the legacy backend of iptables. `Report`: it is only spoken of. */
      readonly iptablesLegacy: 'Report' | 'Manage';
      readonly metrics: MetricsPlan;
      /** The folder on the nodes where Multus keeps its files. */
      readonly cniDir: string;
    }
  | { readonly type: 'NodeNetworkOperator' };

/** `Textfile`: a file in a directory on the node. */
export type MetricsPlan = { readonly type: 'None' } | { readonly type: 'Textfile'; readonly directory: string };

export type SnatExemption = { readonly type: 'NoTrack' } | { readonly type: 'ChainReturn'; readonly chain: string };

export interface Placement {
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly nodeExpressions: readonly LabelExpression[];
  readonly tolerations: readonly Toleration[];
  /** Empty for the one that the cluster gives to pods without. */
  readonly priorityClass: string;
}

export interface LabelExpression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** A toleration as it stands in a pod's spec, only with the fields that were given. */
export type Toleration = Readonly<{
  key?: string;
  operator?: 'Equal' | 'Exists';
  value?: string;
  effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  tolerationSeconds?: number;
}>;

export interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

/** A choice of clients: the workloads that meet all of it. */
export interface ClientsPlan {
  readonly labels: Readonly<Record<string, string>>;
  readonly expressions: readonly LabelExpression[];
  readonly names: Scope;
  readonly namespaces: Scope;
  /** The kinds of objects to look at, and where the pods stand in them. */
  readonly workloads: readonly WorkloadKind[];
  /** `Known`: the user named no kinds, so that pods of another kind may be meant as well. */
  readonly kinds: 'Known' | 'Listed';
  /** `Gateway`: the pods ask the resolver at the gateway addresses. */
  readonly dns: 'Cluster' | 'Gateway';
  /** Whether connections that come in by the primary interface are answered there. */
  readonly preservesInbound: boolean;
  readonly addressing: AddressingPlan;
}

export type Scope = { readonly type: 'All' } | { readonly type: 'Named'; readonly names: readonly string[] };

/** `Pool`: addresses come from the clients' pool, by the clients' attachment. `Fixed`: the pod has an attachment of its own. */
export type AddressingPlan = { readonly type: 'Pool' } | FixedPlan;

export interface FixedPlan {
  readonly type: 'Fixed';
  /** Name of the NetworkAttachmentDefinition. */
  readonly attachment: string;
  /** The `name` of its CNI configuration. */
  readonly cniName: string;
  /** One in each subnet, in the order of the subnets. */
  readonly addresses: readonly { readonly address: string; readonly prefixLength: number }[];
  /** Namespaces besides the network's own that have the attachment too; in ascending order. */
  readonly namespaces: readonly string[];
}

/** How clients answer on their primary interface what came in there. */
export interface InboundPlan {
  /** The namespaces of such clients, in ascending order. */
  readonly namespaces: readonly string[];
  /** The families whose new connections must not leave by the primary interface, and where they may all the same. */
  readonly guarded: readonly { readonly family: Family; readonly cidrs: readonly string[] }[];
}
