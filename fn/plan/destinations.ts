import type { Destination } from '../api/generated/gateway-network.ts';
import { formatCidr, parseCidr, subtract } from '../net/cidr.ts';
import { mergePorts, parsePorts } from '../net/ports.ts';
import type { DestinationPlan } from './gateway-plan.ts';

/** Destinations without what is said twice: packet filters take no networks or ports that overlap. */
export function planDestination({ cidrs = [], protocol, ports = [] }: Destination): DestinationPlan {
  const networks = cidrs.map(parseCidr).filter((cidr) => cidr !== undefined);
  const ranges = ports.map((port) => parsePorts(port)).filter((range) => range !== undefined);
  return {
    cidrs: subtract(networks, []).map((cidr) => ({ family: cidr.family, cidr: formatCidr(cidr) })),
    protocol: protocol ?? 'Any',
    ports: mergePorts(ranges).map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)),
  };
}
