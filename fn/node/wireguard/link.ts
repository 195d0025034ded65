import { formatInterfaceAddress, type InterfaceAddress } from '../../net/interface-address.ts';
import type { Change } from '../change.ts';

/**
 * What the tunnel adds to an IPv6 packet that it sends over IPv6: 40 bytes of IPv6, 8 of UDP, 32 of WireGuard; wg-quick
 * has the same.
 */
const OVERHEAD = 80;
/**
 * What wg-quick sets over Ethernet, and as much as passes on the way to most servers, whatever the cluster's network
 * could take.
 */
const MOST = 1420;

/** What matters of the tunnel's interface. */
export interface Link {
  readonly mtu: number;
  readonly isUp: boolean;
  /** Its global addresses. */
  readonly addresses: readonly string[];
}

/** Reads what `ip -j addr show dev INTERFACE` prints; nothing where there is no such interface. */
export function readLink(json: unknown): Link | undefined {
  const [link] = (json ?? []) as readonly {
    readonly mtu: number;
    readonly flags: readonly string[];
    readonly addr_info: readonly { readonly local: string; readonly prefixlen: number; readonly scope: string }[];
  }[];
  return (
    link && {
      mtu: link.mtu,
      isUp: link.flags.includes('UP'),
      addresses: link.addr_info.flatMap(({ local, prefixlen, scope }) =>
        scope === 'global' ? `${local}/${prefixlen}` : [],
      ),
    }
  );
}

/** The MTU of the configuration, else what the pod's network leaves of its own. */
export function mtuOf(configured: number | undefined, underlay: number | undefined): number {
  return configured ?? Math.min((underlay ?? 1500) - OVERHEAD, MOST);
}

/**
 * Addresses that are missing, and those of an earlier configuration. Without routes to their networks: the router's own
 * table says what goes into the tunnel, and the pod's answers to the cluster must not.
 */
export function addressChanges(device: string, found: Link, wanted: readonly InterfaceAddress[]): readonly Change[] {
  const written = new Set(wanted.map(formatInterfaceAddress));
  const change = (verb: string, done: string, address: string, ...options: readonly string[]): Change => ({
    what: `${device}: address ${address} ${done}`,
    failure: `${address} cannot be ${done}`,
    command: ['ip', 'addr', verb, address, 'dev', device, ...options],
  });
  return [
    ...[...written]
      .filter((address) => !found.addresses.includes(address))
      .map((address) =>
        change('replace', 'added', address, ...(address.includes(':') ? ['nodad'] : []), 'noprefixroute'),
      ),
    ...found.addresses.filter((address) => !written.has(address)).map((address) => change('del', 'removed', address)),
  ];
}

export function linkChanges(device: string, found: Link, mtu: number): readonly Change[] {
  if (found.isUp && found.mtu === mtu) return [];
  return [
    {
      what: `${device}: up, MTU ${mtu}`,
      failure: `${device} cannot be set up`,
      command: ['ip', 'link', 'set', 'dev', device, 'mtu', `${mtu}`, 'up'],
    },
  ];
}
