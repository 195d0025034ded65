import type { GatewayNetwork, GatewayNetworkSpec, Metrics } from '../api/generated/gateway-network.ts';
import { DEFAULTS } from '../api/generated/fields.ts';
import type { FileRef } from '../krm/problem.ts';
import { FAMILIES } from '../net/address.ts';
import { VXLAN_OVERHEAD } from '../net/mtu.ts';
import { clientRoutes, clusterCidrs } from './client-routes.ts';
import { attachmentNamespaces, inboundNamespaces, planClients } from './clients.ts';
import { canonical, planEgress, planFirewall, planForward, planResolver } from './gateway.ts';
import { interfaceName, objectNames, portGroup } from './names.ts';
import type {
  AgentPlan,
  FloodingPlan,
  InboundPlan,
  MetricsPlan,
  NetworkPlan,
  OverlayPlan,
  Resources,
  SubnetPlan,
} from './network-plan.ts';
import { planPlacement } from './placement.ts';
import { planFailover, planRouters } from './routers.ts';
import { planSubnet } from './subnet.ts';

/** The payload of an Ethernet frame, in bytes (IEEE 802.3). */
const ETHERNET_MTU = 1500;
const DEFAULT_IMAGE = `ghcr.io/gateway-network-fn/gateway-network-node:v${__VERSION__}`;

const AGENT_RESOURCES: Resources = { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } };
const ROUTER_RESOURCES: Resources = { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } };
const RESOLVER_RESOURCES: Resources = { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } };

/** Decides everything that a valid GatewayNetwork leaves open. The same network gives the same plan. */
export function plan({ apiVersion, kind, metadata, spec }: GatewayNetwork, file: FileRef | undefined): NetworkPlan {
  const { name, namespace = '' } = metadata;
  const clients = spec.clients ?? [];
  const reserved = [...(spec.reserved ?? []), ...clients.flatMap(({ addresses }) => addresses ?? [])];
  const subnets = spec.subnets
    .map((cidr) => planSubnet(cidr, spec.gatewayAddresses ?? [], reserved))
    .toSorted((a, b) => a.family.localeCompare(b.family));
  const { replicas = DEFAULTS['spec.gateway.replicas'], egress: way } = spec.gateway ?? {};
  const egressAddresses = way?.network?.addresses ?? [];
  const egress = planEgress(way, namespace);
  const routers = planRouters({ name, namespace, subnets, replicas, egressAddresses, egress });
  const home = { name, namespace, subnets, attachmentNamespaces: attachmentNamespaces(clients, namespace) };
  return {
    name,
    namespace,
    label: namespace === '' ? name : `${namespace}/${name}`,
    ref: { apiVersion, kind, name, ...(namespace !== '' && { namespace }) },
    file,
    names: objectNames(name, namespace),
    mtu: networkMTU(spec),
    bridge: spec.interfaces?.bridge ?? interfaceName('br', name, namespace),
    entry: interfaceName('in', name, namespace),
    portGroup: portGroup(name, namespace),
    subnets,
    clientRoutes: clientRoutes(subnets, spec.cluster?.cidrs ?? [], spec.unservedFamily ?? 'Block'),
    clusterCidrs: FAMILIES.flatMap((family) =>
      clusterCidrs(family, spec.cluster?.cidrs ?? []).map((cidr) => ({ family, cidr })),
    ),
    ipam: spec.ipam?.type ?? defaultIPAM(spec, subnets),
    overlay: planOverlay(spec, spec.interfaces?.vxlan ?? interfaceName('vx', name, namespace)),
    agent: planAgent(spec),
    isolated: spec.clientIsolation === 'Enabled',
    routers,
    egress,
    failover: planFailover(routers, subnets, egress),
    firewall: planFirewall(spec.gateway?.firewall ?? {}),
    forwards: (spec.gateway?.portForwards ?? []).map(planForward),
    resolver: planResolver(spec),
    healthCheck: (spec.gateway?.healthCheck?.addresses ?? []).map(canonical),
    clusterDomain: spec.gateway?.dns?.clusterDomain ?? DEFAULTS['spec.gateway.dns.clusterDomain'],
    placement: planPlacement(spec, namespace),
    resources: {
      agent: resources(spec.agent?.daemonSet?.resources, AGENT_RESOURCES),
      router: resources(spec.gateway?.resources, ROUTER_RESOURCES),
      resolver: RESOLVER_RESOURCES,
    },
    image: spec.images?.node ?? DEFAULT_IMAGE,
    pullSecrets: spec.images?.pullSecrets ?? [],
    clients: clients.map((client) => planClients(client, home)),
    attachmentNamespaces: home.attachmentNamespaces,
    inbound: planInbound(spec, subnets),
  };
}

/** A family that goes around the network leaves by the primary interface anyway. */
function planInbound(spec: GatewayNetworkSpec, subnets: readonly SubnetPlan[]): InboundPlan {
  const guarded = FAMILIES.filter(
    (family) => spec.unservedFamily !== 'Bypass' || subnets.some((subnet) => subnet.family === family),
  ).map((family) => ({ family, cidrs: clusterCidrs(family, spec.cluster?.cidrs ?? []) }));
  return { namespaces: inboundNamespaces(spec.clients ?? []), guarded };
}

function networkMTU({ mtu, overlay }: GatewayNetworkSpec): number {
  if (mtu !== undefined) return mtu;
  if (overlay === undefined) return ETHERNET_MTU;
  return (
    (overlay.underlay?.mtu ?? DEFAULTS['spec.overlay.underlay.mtu']) -
    VXLAN_OVERHEAD[overlay.underlay?.family ?? 'IPv4']
  );
}

/** host-local gives every route a gateway of its family, and an on-link IPv6 route must have none. */
function defaultIPAM({ overlay }: GatewayNetworkSpec, subnets: readonly SubnetPlan[]): 'Whereabouts' | 'HostLocal' {
  return overlay === undefined && subnets.every((subnet) => subnet.family === 'IPv4') ? 'HostLocal' : 'Whereabouts';
}

function planOverlay({ overlay }: GatewayNetworkSpec, device: string): OverlayPlan {
  if (overlay === undefined) return { type: 'SingleNode' };
  const { underlay } = overlay;
  return {
    type: 'VXLAN',
    device,
    vni: overlay.vni,
    port: overlay.port ?? DEFAULTS['spec.overlay.port'],
    underlay: {
      family: underlay?.family ?? 'IPv4',
      interface:
        underlay?.interface === undefined ? { type: 'HostAddress' } : { type: 'Named', name: underlay.interface },
    },
    flooding: planFlooding(overlay.flooding),
  };
}

function planFlooding(flooding: NonNullable<GatewayNetworkSpec['overlay']>['flooding']): FloodingPlan {
  if (flooding?.multicast !== undefined) {
    return { type: 'Multicast', group: canonical(flooding.multicast.group), ttl: flooding.multicast.ttl ?? 1 };
  }
  const peers = flooding?.unicast?.peers;
  return peers === undefined ? { type: 'Discovered' } : { type: 'Listed', peers: peers.map(canonical) };
}

function planAgent({ agent, nodeRules }: GatewayNetworkSpec): AgentPlan {
  if (agent?.type === 'NodeNetworkOperator') return { type: 'NodeNetworkOperator' };
  const chain = nodeRules?.snatExemption?.chainReturn?.chain;
  return {
    type: 'DaemonSet',
    snatExemption: chain === undefined ? { type: 'NoTrack' } : { type: 'ChainReturn', chain },
    iptablesLegacy: nodeRules?.iptablesLegacy ?? 'Report',
    metrics: planMetrics(agent?.daemonSet?.metrics),
    cniDir: agent?.daemonSet?.cniDir ?? DEFAULTS['spec.agent.daemonSet.cniDir'],
  };
}

function planMetrics(metrics: Metrics | undefined): MetricsPlan {
  if (metrics === undefined) return { type: 'None' };
  const directory = metrics.textfile?.directory ?? DEFAULTS['spec.agent.daemonSet.metrics.textfile.directory'];
  return { type: 'Textfile', directory };
}

/** What the user gives stands for itself: a limit that met a request of ours could contradict it. */
function resources(given: NonNullable<GatewayNetworkSpec['gateway']>['resources'], base: Resources): Resources {
  if (given === undefined) return base;
  const quantities = (values: Readonly<Record<string, string | number>> = {}) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  return { requests: quantities(given.requests), limits: quantities(given.limits) };
}
