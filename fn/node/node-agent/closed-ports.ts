import type { Findings } from '../status/findings.ts';
import type { Judgement } from './identities.ts';
import { isInGroup, type Places, podPorts } from './port-changes.ts';
import type { Link } from './link.ts';

/** Since when ports wait for a file, by the machine's uptime in seconds. */
export type Waiting = ReadonlyMap<string, number>;

const REMEDY = "is that the cniDir of Multus' configuration (spec.agent.daemonSet.cniDir)?";

export function waitingSince(ports: readonly string[], before: Waiting, uptime: number): Waiting {
  return new Map(ports.map((port) => [port, before.get(port) ?? uptime]));
}

/**
 * Whether not one port is known, though an agent has let some on the network before: the folder is another, or somebody
 * has emptied it. They are not to pay for that.
 */
export function knowsNobody(places: Places, ports: readonly Link[], { bound, refused }: Judgement): boolean {
  if (bound.length + refused.length > 0) return false;
  return podPorts(ports, places).some((port) => port.master === places.bridge && isInGroup(port, places));
}

export function nobodyFault(folder: string): string {
  return `no file in ${folder} says whose any port is: those on the network stay as they are, and no others come; ${REMEDY}`;
}

/**
 * Which ports are closed, and why. A folder that is the wrong one keeps all pods out, which is a fault; one port
 * without a file may be none of a pod's.
 */
export function closedFindings(
  { bound, refused }: Judgement,
  late: readonly string[],
  folder: { readonly path: string; readonly exists: boolean },
): Findings {
  const closed = refused.map(({ port, reason }) => `closed: ${reason} (${port})`);
  if (late.length === 0) return { faults: [], notes: closed };
  const what = `no file in ${folder.path} says whose the port ${late.join(' ')} is: it stays closed; ${REMEDY}`;
  return folder.exists && bound.length + refused.length > 0
    ? { faults: [], notes: [...closed, what] }
    : { faults: [what], notes: closed };
}
