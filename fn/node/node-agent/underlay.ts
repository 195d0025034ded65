import type { Overlay } from '../config/agent-config.ts';
import { find, type Link } from './link.ts';

/** What carries the VXLAN. */
export interface Underlay {
  readonly device: string;
  /** The address of the underlay by which the other nodes know this one, as far as can be told. */
  readonly source: string;
}

/**
 * Outer IP and UDP header, VXLAN header (RFC 7348, section 5) and inner Ethernet header, in bytes.
 */
const OVERHEAD = { IPv4: 50, IPv6: 70 } as const;

/** What is asked of the underlay. */
export interface Carried {
  readonly overlay: Overlay;
  readonly mtu: number;
  /** The node's address as Kubernetes knows it. */
  readonly hostIp: string;
  /** The addresses of all nodes, as far as they are known. */
  readonly known: readonly string[];
}

/** The interface that is named, or that has the node's address. */
export function underlayDevice(links: readonly Link[], { overlay, hostIp }: Carried): string | undefined {
  if (overlay.underlay !== undefined) return overlay.underlay;
  const holds = ({ address, isLocal }: Link['addresses'][number]) => !isLocal && address === hostIp;
  return links.find(({ addresses }) => addresses.some(holds))?.name;
}

/** What carries the VXLAN, or why nothing can. */
export function findUnderlay(links: readonly Link[], carried: Carried): Underlay | { readonly fault: string } {
  const { overlay, mtu, hostIp } = carried;
  const device = underlayDevice(links, carried);
  if (device === undefined) return { fault: `no interface has the node's address ${hostIp}` };
  const link = find(links, device);
  const source = sourceOf(link?.addresses ?? [], carried);
  if (source === undefined) return { fault: `the underlay ${device} has no ${overlay.family} address` };
  const overhead = OVERHEAD[overlay.family];
  const room = link?.mtu ?? 0;
  if (room - overhead >= mtu) return { device, source };
  const need = `too small for ${mtu} and ${overhead} of VXLAN, it must be ${mtu + overhead}`;
  return { fault: `the underlay ${device} has MTU ${room}: ${need}` };
}

/** The node's own address where that is one of the known or none is, else one that is known, else the first. */
function sourceOf(addresses: Link['addresses'], { overlay, hostIp, known }: Carried): string | undefined {
  const usable = addresses
    .filter(({ family, isLocal, isUsable }) => family === overlay.family && !isLocal && isUsable)
    .map(({ address }) => address);
  const listed = usable.filter((address) => known.includes(address));
  if (listed.includes(hostIp)) return hostIp;
  return listed.at(-1) ?? (usable.includes(hostIp) ? hostIp : usable[0]);
}
