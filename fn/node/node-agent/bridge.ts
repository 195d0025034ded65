import type { Change } from '../change.ts';
import type { Link } from './link.ts';

/**
 * How many MAC addresses a bridge, and a VXLAN, may learn. A network has some hundreds, or some thousands; a client
 * that sends with random ones fills neither the kernel's memory (128 bytes each) nor the time of who is told of each.
 * What is for an address that is not learnt reaches all ports.
 */
export const MOST_LEARNED = 16_384;

/** What a bridge has when it is made: nothing is learnt of groups, and no loop looked for. */
const OPTIONS = ['mcast_snooping', 'stp_state'] as const;

/** Without the MTU: the kernel lets the ports decide it unless it is changed afterwards. */
export function createBridge(name: string, what = 'bridge created'): Change {
  const options = OPTIONS.flatMap((option) => [option, '0']);
  return { what: `${name}: ${what}`, command: ['ip', 'link', 'add', 'dev', name, 'type', 'bridge', ...options] };
}

/** What differs of a bridge. */
export function diffBridge(bridge: Link, mtu: number, mark: string): readonly Change[] {
  const options = OPTIONS.flatMap((option) => (bridge.details[option] === 0 ? [] : [option, '0']));
  const attributes = options.length === 0 ? [] : ['type', 'bridge', ...options];
  return settle(bridge, mtu, mark, attributes, bridge.addresses.length > 0);
}

/** What bounds a bridge, where kernel and iproute2 know that (Linux 6.7). It is no change that is told. */
export function boundBridge({ name, details }: Link): readonly string[] | undefined {
  const most = details['fdb_max_learned'];
  if (most === undefined || most === MOST_LEARNED) return undefined;
  return ['ip', 'link', 'set', 'dev', name, 'type', 'bridge', 'fdb_max_learned', String(MOST_LEARNED)];
}

/** What differs of any link of ours, beside what only its kind has, which is given. */
export function settle(
  link: Link,
  mtu: number,
  mark: string,
  attributes: readonly string[],
  hasStray: boolean,
): readonly Change[] {
  const { name } = link;
  const set = [
    ...(link.alias === mark ? [] : ['alias', mark]),
    ...((link.addressMode ?? 'none') === 'none' ? [] : ['addrgenmode', 'none']),
    ...(link.mtu === mtu ? [] : ['mtu', String(mtu)]),
    ...attributes,
  ];
  const change = (what: string, ...command: readonly string[]) => ({ what: `${name}: ${what}`, command });
  return [
    ...(set.length === 0 ? [] : [change(`set ${set.join(' ')}`, 'ip', 'link', 'set', 'dev', name, ...set)]),
    ...(hasStray ? [change('addresses removed', 'ip', 'addr', 'flush', 'dev', name)] : []),
    // Last, so that no link-local address comes into being.
    ...(link.isUp ? [] : [change('set up', 'ip', 'link', 'set', 'dev', name, 'up')]),
  ];
}
