import type { Address } from '../net/address.ts';
import { addressesOf, addressOf } from './assured.ts';
import { type Destination, parseDestination } from './destination.ts';
import { type Egress, parseEgress } from './egress.ts';
import { DEFAULTS } from './generated/fields.ts';
import type { GatewayNetworkSpec, PortForward as PortForwardSpec } from './generated/gateway-network.ts';
import { type Nodes, parseRouterNodes } from './nodes.ts';
import { parseResources, type Resources, ROUTER_RESOURCES } from './resources.ts';

/** The routers, and what they do with the traffic of the clients. */
export interface Gateway {
  readonly nodes: Nodes;
  readonly resources: Resources;
  readonly replicas: number;
  readonly egress: Egress;
  /**
   * Addresses of which one must answer through the egress for a router to be ready; none where that
   * is not asked for.
   */
  readonly healthCheck: readonly Address[];
  readonly firewall: Firewall;
  readonly portForwards: readonly PortForward[];
  /** Name servers that are queried through the egress. Empty: the cluster's DNS. */
  readonly upstreams: readonly Address[];
  readonly clusterDomain: string;
}

/**
 * The destinations that clients may reach: all that are not denied or, where `allow` is not empty,
 * only allowed ones.
 */
export interface Firewall {
  readonly deny: readonly Destination[];
  readonly allow: readonly Destination[];
}

/** A port of the router that leads to a client. */
export interface PortForward {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  readonly targetPort: number;
  readonly target: FixedTarget | WorkloadTarget;
}

export interface FixedTarget {
  readonly type: 'Addresses';
  /** At most one of each family, IPv4 first. */
  readonly addresses: readonly Address[];
}

/** A client with fixed addresses, found in the input by name and labels. */
export interface WorkloadTarget {
  readonly type: 'Workload';
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

export function parseGateway(spec: GatewayNetworkSpec, namespace: string): Gateway {
  const { gateway = {} } = spec;
  const { resources, replicas = DEFAULTS['spec.gateway.replicas'], egress, healthCheck, portForwards = [] } = gateway;
  const { allow = [], deny = [] } = gateway.firewall ?? {};
  const { upstreams = [], clusterDomain = DEFAULTS['spec.gateway.dns.clusterDomain'] } = gateway.dns ?? {};
  return {
    nodes: parseRouterNodes(spec, namespace),
    resources: parseResources(resources, ROUTER_RESOURCES),
    replicas,
    egress: parseEgress(egress, namespace),
    healthCheck: (healthCheck?.addresses ?? []).map(addressOf),
    firewall: { deny: deny.map(parseDestination), allow: allow.map(parseDestination) },
    portForwards: portForwards.map(parseForward),
    upstreams: upstreams.map(addressOf),
    clusterDomain,
  };
}

function parseForward({ protocol, port, targetPort = port, to }: PortForwardSpec): PortForward {
  const { addresses, name, namespace, matchLabels = {} } = to;
  const target: PortForward['target'] =
    addresses === undefined
      ? { type: 'Workload', name, namespace, labels: matchLabels }
      : { type: 'Addresses', addresses: addressesOf(addresses) };
  return { protocol, port, targetPort, target };
}
