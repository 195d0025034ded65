import type { Cidr } from '../net/cidr.ts';
import { mergePorts, parsePorts, type Ports } from '../net/ports.ts';
import { subtract } from '../net/subtract.ts';
import { assured, cidrsOf } from './assured.ts';
import type { Destination as DestinationSpec } from './generated/gateway-network.ts';

/** Destinations of packets, without overlaps: nftables sets must not contain overlapping networks or ports. */
export interface Destination {
  /** Disjoint networks, as few as possible; none of them means all. */
  readonly cidrs: readonly Cidr[];
  readonly protocol: 'Any' | 'TCP' | 'UDP' | 'SCTP' | 'ICMP';
  /** Disjoint runs in ascending order; none of them means all. */
  readonly ports: readonly Ports[];
}

export function parseDestination({ cidrs, protocol, ports = [] }: DestinationSpec): Destination {
  return {
    cidrs: subtract(cidrsOf(cidrs), []),
    protocol: protocol ?? 'Any',
    ports: mergePorts(ports.map((port) => assured(parsePorts(port)))),
  };
}
