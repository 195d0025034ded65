import type { Network } from '../api/network.ts';
import type { InterfaceName } from '../api/overlay.ts';
import type { FileRef } from '../krm/problem.ts';
import { FAMILIES } from '../net/address.ts';
import { mapAll } from '../net/non-empty.ts';
import { clientRoutes, clusterCidrs, keptByDefault, unroutedCidrs } from './client-routes.ts';
import { attachmentNamespaces, inboundNamespaces, planClients } from './clients.ts';
import { planEgress, planResolver } from './gateway.ts';
import { planMonitoring } from './monitoring.ts';
import { interfaceName, objectNames, portGroup } from './names.ts';
import type { AgentPlan, NetworkPlan, OverlayPlan, PrimaryPlan, Resources } from './network-plan.ts';
import { planPlacement } from './placement.ts';
import { planNetworkPolicies } from './network-policies.ts';
import { planFailover, planRouters } from './routers.ts';
import { planSubnet } from './subnet.ts';

const RESOLVER_RESOURCES: Resources = { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } };

/** Decides everything that a network leaves open. The same network gives the same plan. */
export function plan(network: Network, file: FileRef | undefined): NetworkPlan {
  const { apiVersion, kind, name, namespace, clients, gateway } = network;
  const fixed = clients.flatMap(({ addressing }) => (addressing.type === 'Fixed' ? addressing.addresses : []));
  const taken = fixed.map(({ family, value }) => ({ family, first: value, last: value }));
  const subnets = mapAll(network.subnets, (subnet) => planSubnet(subnet, [...network.reserved, ...taken]));
  const kept = FAMILIES.map((family) => ({ family, cidrs: clusterCidrs(family, network.clusterCidrs) }));
  const routes = clientRoutes(network);
  const unrouted = unroutedCidrs(routes);
  const home = { name, namespace, subnets, attachmentNamespaces: attachmentNamespaces(clients, namespace) };
  return {
    name,
    namespace,
    label: namespace === '' ? name : `${namespace}/${name}`,
    ref: { apiVersion, kind, name, ...(namespace !== '' && { namespace }) },
    file,
    names: objectNames(name, namespace),
    mtu: network.mtu,
    bridge: planInterface(network.bridge, 'br', network),
    entry: interfaceName('in', name, namespace),
    portGroup: portGroup(name, namespace),
    subnets,
    clientRoutes: routes,
    unroutedCidrs: unrouted,
    clusterCidrs: kept.flatMap(({ cidrs }) => cidrs),
    keptByDefault: keptByDefault(network),
    ipam: network.ipam,
    overlay: planOverlay(network),
    agent: planAgent(network),
    isolated: network.clientIsolation === 'Enabled',
    routers: planRouters(network),
    egress: planEgress(network),
    failover: planFailover(network),
    firewall: gateway.firewall,
    forwards: gateway.portForwards,
    resolver: planResolver(network),
    healthCheck: gateway.healthCheck,
    clusterDomain: gateway.clusterDomain,
    placement: planPlacement(network),
    resources: { router: gateway.resources, resolver: RESOLVER_RESOURCES },
    image: network.image,
    pullSecrets: network.pullSecrets,
    clients: clients.map((client) => planClients(client, home)),
    isChecked: network.admissionCheck === 'Enabled',
    attachmentNamespaces: home.attachmentNamespaces,
    primary: planPrimary(network, kept),
    monitoring: planMonitoring(network, subnets, fixed),
    networkPolicies: planNetworkPolicies(network, unrouted),
  };
}

/** A family with `Bypass` leaves by the primary interface anyway. */
function planPrimary(
  { unservedFamily, subnets, clients, agent, dataplane }: Network,
  kept: PrimaryPlan['guarded'],
): PrimaryPlan {
  const guarded = kept.filter(
    ({ family }) => unservedFamily !== 'Bypass' || subnets.some(({ cidr }) => cidr.family === family),
  );
  const isHeld = agent.type === 'DaemonSet' && dataplane === 'Netfilter';
  return { guarded, isHeld, inboundNamespaces: inboundNamespaces(clients) };
}

function planInterface(given: InterfaceName, prefix: 'br' | 'vx', { name, namespace }: Network): string {
  return given.type === 'Named' ? given.name : interfaceName(prefix, name, namespace);
}

function planOverlay(network: Network): OverlayPlan {
  const { overlay } = network;
  return overlay.type === 'SingleNode' ? overlay : { ...overlay, device: planInterface(overlay.device, 'vx', network) };
}

function planAgent(network: Network): AgentPlan {
  const { agent } = network;
  if (agent.type === 'DaemonSet') return agent;
  const { type, overlay } = agent;
  if (overlay.type === 'SingleNode') return { type, overlay };
  return { type, overlay: { ...overlay, device: planInterface(overlay.device, 'vx', network) } };
}
