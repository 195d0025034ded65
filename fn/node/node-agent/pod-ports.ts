import type { Change } from '../change.ts';
import { type Link, portsOf } from './link.ts';
import type { Names } from './names.ts';

/** Attaches the pods' ends that have lost their bridge: it was deleted under them, and they are still in the group. */
export function attachAgain(links: readonly Link[], group: string, { bridge, vxlan }: Names): readonly Change[] {
  return links
    .filter((link) => link.group === group && link.master === undefined && link.name !== vxlan)
    .map(({ name }) => ({
      what: `${name}: attached to ${bridge} again`,
      command: ['ip', 'link', 'set', 'dev', name, 'master', bridge],
    }));
}

/**
 * Puts the pods' ends into the group that the bridge table of rules.nft knows the network's ports by: where none are
 * guarded.
 */
export function groupPorts(links: readonly Link[], group: string, { bridge, vxlan }: Names): readonly Change[] {
  return portsOf(links, bridge, vxlan)
    .filter((link) => link.group !== group)
    .map(({ name }) => ({
      what: `${name}: put into the group of the network's ports`,
      command: ['ip', 'link', 'set', 'dev', name, 'group', group],
    }));
}

/**
 * Raises the MTU of the nodes' ends of routers, which raise their own: an end drops what is larger than it takes. One
 * that is too large harms nobody, and a router lowers its own in its time.
 */
export function raiseRouters(links: readonly Link[], routers: ReadonlySet<string>, mtu: number): readonly Change[] {
  return links
    .filter((link) => routers.has(link.name) && link.mtu < mtu)
    .map((link) => ({
      what: `${link.name}: MTU of a router raised to ${mtu}, it was ${link.mtu}`,
      command: ['ip', 'link', 'set', 'dev', link.name, 'mtu', String(mtu)],
    }));
}

/**
 * What there is to tell of pods whose interface has another MTU: it is made once, with the pod, except for those of
 * routers, which follow. That keeps no agent from being ready, or agents would not be rolled before all pods of a node
 * are made anew.
 */
export function outdatedPorts(
  links: readonly Link[],
  mtu: number,
  { bridge, vxlan }: Names,
  routers: ReadonlySet<string> = new Set(),
) {
  const ports = portsOf(links, bridge, vxlan).filter(({ name }) => !routers.has(name));
  const mtus = ports.flatMap((port) => (port.mtu === mtu ? [] : [port.mtu]));
  const found = [...new Set(mtus)].join(' ');
  const notes =
    mtus.length === 0
      ? []
      : mtus.length === 1
        ? [`1 pod has the MTU ${found}, not ${mtu}: make it anew`]
        : [`${mtus.length} pods have the MTU ${found}, not ${mtu}: make them anew`];
  return { count: mtus.length, notes };
}
