import type { Change } from '../change.ts';
import type { Link } from './link.ts';

/** Where ports are, and how the network's are told from others. */
export interface Places {
  readonly bridge: string;
  /** The bridge that CNI plugins attach pods to. */
  readonly entry: string;
  readonly portGroup: number;
  readonly vxlan: string | undefined;
}

export function isInGroup({ group }: Link, { portGroup }: Places): boolean {
  return group === String(portGroup);
}

/** The ports of both bridges. */
export function portsIn({ bridge, entry }: Places, links: readonly Link[]): readonly Link[] {
  return links.filter(({ master }) => master === bridge || master === entry);
}

/** The ports of pods among those of a bridge. */
export function podPorts(ports: readonly Link[], { vxlan }: Places): readonly Link[] {
  return ports.filter(({ name }) => name !== vxlan);
}

/** Takes off the network who is not known any more, or never was. */
export function closePorts(places: Places, ports: readonly Link[], bound: ReadonlySet<string>): readonly Change[] {
  return podPorts(ports, places).flatMap((port) => {
    if (bound.has(port.name)) return [];
    const away = 'taken off the network, it is not known whose it is';
    const out = "taken out of the group of the network's ports";
    return [
      ...(port.master === places.bridge ? [set(port, away, 'master', places.entry)] : []),
      ...(isInGroup(port, places) ? [set(port, out, 'group', 'default')] : []),
    ];
  });
}

/**
 * Lets those whose pods are known on the network: first into the group, by which the rules know them. Each step is one
 * command for all of them, however many pods a node gets at once.
 */
export function openPorts(places: Places, ports: readonly Link[], bound: ReadonlySet<string>): readonly Change[] {
  const { bridge, portGroup } = places;
  const known = podPorts(ports, places).filter(({ name }) => bound.has(name));
  const strangers = known.filter((port) => !isInGroup(port, places));
  const away = known.filter(({ master }) => master !== bridge);
  return [
    ...setAll(strangers, "put into the group of the network's ports", `group ${portGroup}`),
    ...setAll(away, 'attached to the network', `master ${bridge}`),
  ];
}

function setAll(ports: readonly Link[], what: string, change: string): readonly Change[] {
  if (ports.length === 0) return [];
  return [
    {
      what: `${ports.map(({ name }) => name).join(' ')}: ${what}`,
      command: ['ip', '-force', '-batch', '-'],
      text: ports.map(({ name }) => `link set dev ${name} ${change}\n`).join(''),
      keepsLinks: true,
    },
  ];
}

function set({ name }: Link, what: string, key: string, value: string): Change {
  return { what: `${name}: ${what}`, command: ['ip', 'link', 'set', 'dev', name, key, value] };
}
