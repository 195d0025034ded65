import type { Egress, Gateway, GatewayNetworkSpec, PortForward } from '../api/generated/gateway-network.ts';
import { formatAddress, parseAddress } from '../net/address.ts';
import { formatCidr, parseLooseCidr, subtract } from '../net/cidr.ts';
import { planDestination } from './destinations.ts';
import type { EgressPlan, FamilyAddress, FirewallPlan, ForwardPlan, ResolverPlan, TunnelPlan } from './gateway-plan.ts';

/** The router's interface on the network; the Multus annotation asks for this name. */
export const OVERLAY_INTERFACE = 'net1';
/** The router's interface on the cluster's network; the container runtime names it so. */
export const PRIMARY_INTERFACE = 'eth0';
/** The router's interface on the network of its egress; the Multus annotation asks for this name. */
const EGRESS_INTERFACE = 'net2';
const WIREGUARD_INTERFACE = 'wg0';

export function planEgress(egress: Egress | undefined, namespace: string): EgressPlan {
  const { vpn, network } = egress ?? {};
  if (vpn !== undefined) {
    return { type: 'VPN', interface: vpn.container?.interface ?? WIREGUARD_INTERFACE, tunnel: planTunnel(vpn) };
  }
  if (network !== undefined) {
    return {
      type: 'Network',
      interface: EGRESS_INTERFACE,
      attachment: { name: network.attachment.name, namespace: network.attachment.namespace ?? namespace },
      networks: networksOf(network.addresses),
      nextHops: familyAddresses(network.gateways).map(({ address }) => address),
      snatAddresses: familyAddresses(network.snatAddresses ?? []),
    };
  }
  return { type: 'ClusterNetwork', interface: PRIMARY_INTERFACE };
}

function networksOf(addresses: readonly string[]): readonly string[] {
  const networks = addresses.map(parseLooseCidr).filter((network) => network !== undefined);
  return subtract(networks, []).map(formatCidr);
}

function planTunnel({ wireGuard, container }: NonNullable<Egress['vpn']>): TunnelPlan {
  if (container !== undefined) {
    return {
      type: 'Container',
      container: { name: 'vpn', ...container.spec },
      volumes: container.volumes ?? [],
      endpoints: container.endpoints.map(({ port, ...rest }) => planDestination({ ...rest, ports: [port] })),
    };
  }
  return {
    type: 'WireGuard',
    secretName: wireGuard?.secretName ?? '',
    implementation: wireGuard?.implementation ?? 'Kernel',
  };
}

export function planFirewall({ allow = [], deny = [] }: NonNullable<Gateway['firewall']>): FirewallPlan {
  return { deny: deny.map(planDestination), allow: allow.map(planDestination) };
}

export function planForward({ protocol, port, targetPort = port, to }: PortForward): ForwardPlan {
  const { addresses, name, namespace, matchLabels = {} } = to;
  const target =
    addresses === undefined
      ? { type: 'Workload' as const, name, namespace, labels: matchLabels }
      : { type: 'Addresses' as const, addresses: familyAddresses(addresses) };
  return { protocol, port, targetPort, target };
}

/** There is a resolver where a client is to ask it. */
export function planResolver({ clients = [], gateway }: GatewayNetworkSpec): ResolverPlan {
  const upstreams = (gateway?.dns?.upstreams ?? []).map(canonical);
  return clients.some(({ dns }) => dns === 'Gateway')
    ? { type: 'Gateway', upstreams }
    : { type: 'None', unused: upstreams };
}

/** Addresses in canonical text, IPv4 first. */
function familyAddresses(texts: readonly string[]): readonly FamilyAddress[] {
  return texts
    .map(parseAddress)
    .filter((address) => address !== undefined)
    .map((address) => ({ family: address.family, address: formatAddress(address) }))
    .toSorted((a, b) => a.family.localeCompare(b.family));
}

export function canonical(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
}
