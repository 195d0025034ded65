/** An address of an interface. */
export interface LinkAddress {
  readonly family: 'IPv4' | 'IPv6';
  readonly address: string;
  /** Whether it means something on its link alone. */
  readonly isLocal: boolean;
  /** Whether it may be a source: neither on trial, nor to go, nor there for a while. */
  readonly isUsable: boolean;
}

/** A network interface of the node. */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** As ip(8) calls it: `bridge`, `vxlan`, `veth`. Known only where details were asked for. */
  readonly kind?: string | undefined;
  readonly mtu: number;
  readonly mac: string;
  readonly isUp: boolean;
  readonly master?: string | undefined;
  /** A number, or a name such as `default`. */
  readonly group: string;
  readonly alias: string;
  /**
   * The network namespace of its other end, by the number that the node's own has for it (ip-netns(8)): of a veth of
   * a pod.
   */
  readonly peerNamespace?: number | undefined;
  /** What the kernel makes a link-local address from: only of bridges and VXLANs. */
  readonly addressMode?: string | undefined;
  readonly addresses: readonly LinkAddress[];
  /** What only its kind has, as ip(8) writes it. */
  readonly details: Details;
  /** What it has as a port of a bridge. */
  readonly port: Details;
}

export type Details = Readonly<Record<string, unknown>>;

/** A link as `ip -j link` and `ip -j addr` have it. */
interface LinkText {
  readonly ifindex: number;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly address?: string;
  readonly master?: string;
  readonly group?: string;
  readonly ifalias?: string;
  readonly link_netnsid?: number;
  readonly inet6_addr_gen_mode?: string;
  readonly addr_info?: readonly AddressText[];
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: Details; readonly info_slave_data?: Details };
}

interface AddressText {
  readonly family?: string;
  readonly local?: string;
  readonly scope?: string;
  readonly tentative?: boolean;
  readonly deprecated?: boolean;
  readonly temporary?: boolean;
  readonly dadfailed?: boolean;
}

/** Reads what `ip -j` prints of links: arrays, one after another where there were several questions. */
export function parseLinks(text: string): readonly Link[] {
  const arrays = text.split('\n').filter((line) => line.startsWith('['));
  // Some versions write an empty object for each link that a question leaves out.
  const links = arrays.flatMap((line) => JSON.parse(line) as readonly Partial<LinkText>[]);
  return links.flatMap((link) => (isLink(link) ? [readLink(link)] : []));
}

function isLink(link: Partial<LinkText>): link is LinkText {
  return link.ifname !== undefined;
}

function readLink(link: LinkText): Link {
  const { info_kind: kind, info_data: details = {}, info_slave_data: port = {} } = link.linkinfo ?? {};
  return {
    index: link.ifindex,
    name: link.ifname,
    kind,
    mtu: link.mtu,
    mac: link.address ?? '',
    isUp: link.flags.includes('UP'),
    master: link.master,
    group: link.group ?? 'default',
    alias: link.ifalias ?? '',
    // -1 where that is going just now.
    peerNamespace: (link.link_netnsid ?? -1) < 0 ? undefined : link.link_netnsid,
    addressMode: link.inet6_addr_gen_mode,
    addresses: (link.addr_info ?? []).flatMap(readAddress),
    details,
    port,
  };
}

function readAddress({ family, local, scope, ...flags }: AddressText): readonly LinkAddress[] {
  if (local === undefined || (family !== 'inet' && family !== 'inet6')) return [];
  const isUsable = !(flags.tentative || flags.deprecated || flags.temporary || flags.dadfailed);
  return [{ family: family === 'inet' ? 'IPv4' : 'IPv6', address: local, isLocal: scope === 'link', isUsable }];
}

/** All links, with the details of those for which they were asked. */
export function withDetails(links: readonly Link[], detailed: readonly Link[]): readonly Link[] {
  const details = new Map(detailed.map((link) => [link.index, link]));
  const known = new Set(links.map(({ index }) => index));
  return [
    ...links.map((link) => {
      const own = details.get(link.index);
      return own === undefined ? link : { ...link, ...own, addresses: link.addresses };
    }),
    ...detailed.filter(({ index }) => !known.has(index)),
  ];
}

export function find(links: readonly Link[], name: string | undefined): Link | undefined {
  return links.find((link) => link.name === name);
}

/** The ports of a bridge, except for one, in the order in which they came. */
export function portsOf(links: readonly Link[], bridge: string, except?: string): readonly Link[] {
  return links.filter(({ master, name }) => master === bridge && name !== except);
}
