import type { Address } from '../net/address.ts';

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** The first packet of a connection, as far as it is known. */
export interface Packet {
  readonly destination: Address;
  /** Nothing where all protocols are meant. */
  readonly protocol?: Protocol;
  /** The destination port; nothing where all ports are meant. */
  readonly port?: number;
}

/** A packet on its way through a router. */
export interface RoutedPacket extends Packet {
  readonly source: Address;
  /** The interface that it comes in by. */
  readonly from: string;
  /** The one that it goes out by; nothing where it is for the router itself. */
  readonly to?: string;
}
