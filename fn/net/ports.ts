/** A run of TCP, UDP or SCTP ports, both ends included. */
export interface Ports {
  readonly first: number;
  readonly last: number;
}

/** The highest port (RFC 9293, RFC 768). */
const HIGHEST = 65535;

/** Reads a port, or `first-last` in ascending order; from 1 to 65535. */
export function parsePorts(value: number | string): Ports | undefined {
  const [, first, last = first] = /^([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?$/.exec(String(value)) ?? [];
  const ports = { first: Number(first), last: Number(last) };
  return first === undefined || ports.last > HIGHEST || ports.first > ports.last ? undefined : ports;
}

/** The fewest runs that hold the same ports, in ascending order. */
export function mergePorts(all: readonly Ports[]): readonly Ports[] {
  const merged: Ports[] = [];
  for (const ports of all.toSorted((a, b) => a.first - b.first)) {
    const before = merged.at(-1);
    if (before === undefined || ports.first > before.last + 1) merged.push(ports);
    else merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, ports.last) };
  }
  return merged;
}

/** A port, or a range such as `8000-8999`. */
export function formatPorts({ first, last }: Ports): string {
  return first === last ? String(first) : `${first}-${last}`;
}
