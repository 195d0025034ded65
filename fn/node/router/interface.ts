import type { Change } from '../change.ts';

/** What matters of an interface of the router: its link and its addresses. */
export interface InterfaceState {
  readonly mac: string;
  readonly mtu: number;
  readonly isUp: boolean;
  readonly addresses: readonly AddressState[];
}

export interface AddressState {
  /** Such as `192.168.50.1/24`. */
  readonly address: string;
  readonly isIPv6: boolean;
  readonly isGlobal: boolean;
  /**
   * Whether packets may be sent from it: not while duplicate address detection goes on or when that has found another.
   */
  readonly isUsable: boolean;
}

/** What an interface is to have; what is not said of it is left alone. */
export interface InterfaceWish {
  readonly mac?: string;
  readonly mtu?: number;
  /** Whether a smaller MTU can be raised: the other end must have it, too, or drops what is larger. */
  readonly canRaise?: boolean;
  readonly addresses: readonly string[];
}

/** Reads what `ip -j addr show dev NAME` prints; nothing where there is no such interface. */
export function parseInterface(text: string | undefined): InterfaceState | undefined {
  const [link] = JSON.parse(text || '[]') as readonly {
    readonly address?: string;
    readonly mtu: number;
    readonly flags: readonly string[];
    readonly addr_info?: readonly {
      readonly family?: string;
      readonly local?: string;
      readonly prefixlen?: number;
      readonly scope?: string;
      readonly tentative?: boolean;
      readonly dadfailed?: boolean;
    }[];
  }[];
  if (link === undefined) return undefined;
  return {
    mac: link.address ?? '',
    mtu: link.mtu,
    isUp: link.flags.includes('UP'),
    addresses: (link.addr_info ?? []).map(({ family, local, prefixlen, scope, tentative, dadfailed }) => ({
      address: `${local}/${prefixlen}`,
      isIPv6: family === 'inet6',
      isGlobal: scope === 'global',
      isUsable: !tentative && !dadfailed,
    })),
  };
}

/** The changes that give an interface what it is to have. */
export function interfaceChanges(name: string, found: InterfaceState, wish: InterfaceWish): readonly Change[] {
  const { mac, mtu, canRaise = false, addresses } = wish;
  const set = (what: string, ...words: readonly string[]): Change => ({
    what: `${name}: ${what}`,
    command: ['ip', 'link', 'set', 'dev', name, ...words],
  });
  return [
    ...(mac !== undefined && found.mac !== mac ? [set(`MAC set to ${mac}`, 'address', mac)] : []),
    ...(mtu !== undefined && (canRaise ? found.mtu !== mtu : found.mtu > mtu)
      ? [set(`MTU set to ${mtu}, it was ${found.mtu}`, 'mtu', String(mtu))]
      : []),
    ...(found.isUp ? [] : [set('set up', 'up')]),
    ...addresses.flatMap((address) => addressChanges(name, found, address)),
  ];
}

/**
 * Without duplicate address detection, which would hold up a restart, and which a router that lives on behind a lost
 * node could make fail for good.
 */
function addressChanges(name: string, { addresses }: InterfaceState, address: string): readonly Change[] {
  const there = addresses.find((each) => each.address === address);
  if (there?.isUsable) return [];
  const nodad = address.includes(':') ? ['nodad'] : [];
  const command = ['ip', 'addr', 'add', address, 'dev', name, ...nodad];
  const added: Change = { what: `${name}: address ${address} added`, command };
  if (there === undefined) return [added];
  const remove = ['ip', 'addr', 'del', address, 'dev', name];
  return [{ what: `${name}: address ${address} removed, which was not to be used yet`, command: remove }, added];
}

/**
 * What is wrong with an MTU that cannot be raised: it is that of the attachment which the pod was made by, which may be
 * of another time, and the node's end has it too and drops what is larger.
 */
export function mtuLack(name: string, found: InterfaceState, mtu: number): string | undefined {
  if (found.mtu >= mtu) return undefined;
  return `${name} has the MTU ${found.mtu}, not ${mtu}: this pod is older than its attachment and has to be made anew`;
}
