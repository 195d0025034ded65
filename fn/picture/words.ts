import type { NetworkPicture } from './network-picture.ts';

/** How many names are drawn in a box. */
const NAMES = 4;

export function titleOf({ label }: NetworkPicture): string {
  return `Gateway network ${label}`;
}

/** The whole picture in words, for those who do not see it. */
export function descriptionOf(picture: NetworkPicture): string {
  const { clients, subnets, overlay, routers, gateways, egress, firewall, forwards, isIsolated } = picture;
  const who = clients.length === 0 ? 'Its clients' : clients.join(', ');
  const nodes =
    overlay === undefined ? 'on one node' : `from node to node by VXLAN ${overlay.vni} (UDP ${overlay.port})`;
  const as = egress.addresses.length === 0 ? '' : `, as ${egress.addresses.join(', ')}`;
  const sentences = [
    `${who} send everything outside by net1, on ${subnets.join(', ')} ${nodes}, to ${routers.join(', ')} with the gateway's addresses ${gateways.join(', ')}`,
    `From there it leaves by ${egress.interface} and ${egress.ways.join(', ')}${as}`,
    'Pods, Services and DNS of the cluster are reached by eth0',
    ...(firewall === undefined ? [] : [`The ${firewall} destinations`]),
    ...(isIsolated ? ['Clients do not reach each other'] : []),
    ...(forwards.length === 0 ? [] : [`Ports from outside: ${forwards.join(', ')}`]),
  ];
  return `${sentences.join('. ')}.`;
}

/** A box of the picture: its heading, and what is written below it. */
export interface Box {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** The boxes, from the clients to the outside, and the cluster. */
export function boxesOf(picture: NetworkPicture) {
  const { clients, subnets, overlay, mtu, isIsolated, routers, gateways, firewall, hasResolver, egress } = picture;
  return {
    clients: { heading: 'clients', lines: clients.length === 0 ? ['pods that ask for it'] : few(clients) },
    network: {
      heading: overlay === undefined ? 'bridge on one node' : `VXLAN ${overlay.vni}`,
      lines: [
        ...(overlay === undefined ? [] : [`UDP ${overlay.port}`]),
        ...subnets,
        `MTU ${mtu}`,
        ...(isIsolated ? ['clients are isolated'] : []),
      ],
    },
    routers: {
      heading: routers.length === 1 ? 'router' : `${routers.length} routers, one active`,
      lines: [
        ...few(routers),
        ...gateways.map((gateway) => `gateway ${gateway}`),
        ...(firewall === undefined ? [] : [firewall]),
        ...(hasResolver ? ['resolver'] : []),
      ],
    },
    outside: {
      heading: 'outside',
      lines: [...egress.ways.map((way) => `by ${way}`), ...egress.addresses.map((address) => `as ${address}`)],
    },
    cluster: { heading: 'cluster', lines: ['pods, Services, DNS'] },
  } as const satisfies Record<string, Box>;
}

function few(names: readonly string[]): readonly string[] {
  const shown = names.slice(0, NAMES);
  return names.length === shown.length ? shown : [...shown, `and ${names.length - shown.length} more`];
}
