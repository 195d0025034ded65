import type { Link } from './link.ts';

/** The kinds of links that take packets out of UDP. */
const KINDS = new Set<unknown>(['vxlan', 'geneve']);

/** The UDP ports of the node's tunnels, whoever has made them: the primary network, or a network of ours. */
export function tunnelPorts(links: readonly Link[]): readonly number[] {
  const ports = links.map(({ kind, details }) => (KINDS.has(kind) ? Number(details['port']) : 0));
  return [...new Set(ports.filter((port) => port > 0))].toSorted((a, b) => a - b);
}
