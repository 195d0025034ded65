import { type Address, formatAddress } from '../net/address.ts';
import { type Cidr, containsAddress, formatCidr, parseCidr } from '../net/cidr.ts';
import { isIn, UNROUTED } from '../net/special-ranges.ts';
import type { Hop, Way } from './explanation.ts';
import type { AttachedRoute, NetworkFacts } from './network-facts.ts';
import type { Packet } from './packet.ts';
import type { ClientOf } from './pod.ts';
import { routerWay } from './router-way.ts';

const PRIMARY = 'eth0';

/** The way of a packet of a pod that is no client. */
export function strangersWay(): Way {
  const what = `by ${PRIMARY}: the pod asks for no gateway network, so that only the primary network has routes`;
  return {
    outcome: 'primary',
    summary: 'leaves by the primary network, not by a gateway',
    hops: [{ at: 'pod', what }],
  };
}

/** The way of a client's packet, from the routes that it has been given on. */
export function clientsWay(client: ClientOf, packet: Packet): Way {
  if (!client.isAttached) return unattachedWay(client);
  const { destination } = packet;
  const { network, attachment } = client;
  const subnet = subnetsOf(network).find((cidr) => containsAddress(cidr, destination));
  if (subnet !== undefined) return onNetwork(client, packet, subnet);
  const route = routeTo(attachment.routes, destination);
  if (route === undefined) return primaryWay(client, destination);
  const by = `route ${formatRoute(route, client.interface)}, of the attachment ${attachment.name}`;
  if (route.gateway === undefined) {
    const what = `into the network by ${client.interface}, without a gateway: nothing answers there`;
    const summary = `dropped: the network has no gateway for ${destination.family} (spec.unservedFamily)`;
    return { outcome: 'dropped', summary, hops: [{ at: 'pod', what, by }] };
  }
  const first: Hop = { at: 'pod', what: `by ${client.interface} to the gateway ${formatAddress(route.gateway)}`, by };
  const rest = routerWay(client, packet);
  return { ...rest, hops: [first, ...overlayHops(network), ...rest.hops] };
}

function unattachedWay({ network, attachment }: ClientOf): Way {
  const what = `by ${PRIMARY}: Multus has not attached the pod to ${attachment.name}, so that it has no route to the gateway`;
  const summary = `leaves by the primary network: the pod is not on ${network.label}. Delete it, and its controller makes another`;
  return { outcome: 'primary', summary, hops: [{ at: 'pod', what }] };
}

/** The longest prefix wins (kernel: fib_lookup). */
function routeTo(routes: readonly AttachedRoute[], destination: Address): AttachedRoute | undefined {
  const matching = routes.filter((route) => containsAddress(route.destination, destination));
  return matching.toSorted((one, other) => other.destination.length - one.destination.length)[0];
}

function formatRoute({ destination, gateway }: AttachedRoute, device: string): string {
  const via = gateway === undefined ? '' : ` via ${formatAddress(gateway)}`;
  return `${formatCidr(destination)}${via} dev ${device}`;
}

/** What no route of the network leads to. */
function primaryWay({ network, interface: own }: ClientOf, destination: Address): Way {
  const purpose = UNROUTED.find((range) => isIn([range], destination))?.purpose;
  const first: Hop = {
    at: 'pod',
    what: `by ${PRIMARY}: no route of ${own} leads to ${formatAddress(destination)}`,
    ...(purpose !== undefined && { by: `${purpose} addresses are reached without a router` }),
  };
  const primary = network.agent?.config.primary;
  if (primary === undefined) {
    return { outcome: 'primary', summary: 'stays on the primary network, not by the gateway', hops: [first] };
  }
  const allowed = primary[destination.family];
  if (allowed === undefined) {
    const what = `lets it leave by ${PRIMARY}: ${destination.family} is not limited there (spec.unservedFamily: Bypass)`;
    const summary = 'leaves by the primary network, not by the gateway (spec.unservedFamily: Bypass)';
    return { outcome: 'primary', summary, hops: [first, { at: 'node', what }] };
  }
  const range = allowed.find((text) => holds(text, destination));
  if (range === undefined) {
    const what = `drops it at ${PRIMARY} of the pod: around-gateway`;
    return {
      outcome: 'dropped',
      summary: 'dropped at the node: around-gateway',
      hops: [first, { at: 'node', what, by: `config.json of the agents: primary.${destination.family}` }],
    };
  }
  const what = `lets it leave by ${PRIMARY}, as any packet of the pod's own network`;
  const by = `config.json of the agents: primary.${destination.family} has ${range} (spec.cluster.cidrs)`;
  return {
    outcome: 'primary',
    summary: 'stays on the primary network, not by the gateway (spec.cluster.cidrs)',
    hops: [first, { at: 'node', what, by }],
  };
}

function holds(text: string, address: Address): boolean {
  const cidr = parseCidr(text);
  return cidr !== undefined && containsAddress(cidr, address);
}

/** To another client, or to the gateway itself. */
function onNetwork(client: ClientOf, packet: Packet, subnet: Cidr): Way {
  const { network, interface: own } = client;
  const first: Hop = {
    at: 'pod',
    what: `by ${own}, on the network itself`,
    by: `the subnet ${formatCidr(subnet)} of ${own}`,
  };
  const address = formatAddress(packet.destination);
  if (routerAddressesOf(network).includes(address)) {
    const rest = routerWay(client, packet, true);
    return { ...rest, hops: [first, ...overlayHops(network), ...rest.hops] };
  }
  const [hop, ...more] = overlayHops(network);
  if (isIsolated(network)) {
    const drop: Hop = { at: 'node', what: 'drops it: client-isolation', by: 'counter drop comment "client-isolation"' };
    const summary = 'dropped at the node: client-isolation (spec.clientIsolation)';
    return { outcome: 'dropped', summary, hops: [first, drop] };
  }
  const what = hop?.what.replace('the active router', address) ?? '';
  const summary = `reaches ${address}, if a client has it, without the gateway`;
  return { outcome: 'client', summary, hops: [first, ...(hop ? [{ ...hop, what }] : []), ...more] };
}

/** How frames get from node to node. */
function overlayHops({ agent }: NetworkFacts): readonly Hop[] {
  if (agent === undefined) return [];
  const { bridge, overlay } = agent.config;
  const by = `the rules of the bridge let pass what has the address that the pod was given (spoofed-source)`;
  if (overlay === undefined) return [{ at: 'node', what: `by the bridge ${bridge} to the active router`, by }];
  const { device, vni, port } = overlay;
  const what = `by the bridge ${bridge}, and from node to node by the VXLAN ${device} (VNI ${vni}, UDP ${port}), to the active router`;
  return [{ at: 'node', what, by }];
}

function isIsolated({ agent }: NetworkFacts): boolean {
  return agent?.rules.includes('comment "client-isolation"') === true;
}

function subnetsOf({ router }: NetworkFacts): readonly Cidr[] {
  return (router?.config.subnets ?? []).flatMap((text) => parseCidr(text) ?? []);
}

function routerAddressesOf({ router }: NetworkFacts): readonly string[] {
  const own = router?.config.routers.flatMap(({ addresses }) => addresses) ?? [];
  return [...(router?.config.gateways ?? []), ...own.map((text) => text.replace(/\/.*/, ''))];
}
