import { ADDRESS_BITS, type Address, type Family } from '../../net/address.ts';
import type { Identity } from './identities.ts';

/** What is bound to a port, each as elements of a set that begin with the port. */
export interface PortElements {
  readonly macs: readonly string[];
  /** MAC addresses as numbers. */
  readonly digits: readonly string[];
  /** Who asks in ARP: nobody at all asks whether an address is free (RFC 5227). */
  readonly senders: readonly string[];
  readonly sources: readonly string[];
  readonly sources6: readonly string[];
  /** What it may say in neighbour discovery that it has, as numbers. */
  readonly targets: readonly string[];
}

/** By the addresses of an identity: a node may have hundreds, and all are written with each that comes. */
const made = new WeakMap<Identity['addresses'], { readonly of: string; readonly elements: PortElements }>();

export function elementsOf(identity: Identity): PortElements {
  const of = `${identity.port} ${identity.mac}`;
  const before = made.get(identity.addresses);
  if (before?.of === of) return before.elements;
  const elements = make(identity);
  made.set(identity.addresses, { of, elements });
  return elements;
}

function make(identity: Identity): PortElements {
  const { mac } = identity;
  return {
    macs: bind(identity, [mac]),
    digits: bind(identity, [`0x${mac.replaceAll(':', '')}`]),
    senders: bind(identity, ['0.0.0.0', ...texts(identity, 'IPv4')]),
    sources: bind(identity, texts(identity, 'IPv4')),
    sources6: bind(identity, ['::', linkLocal(identity), ...texts(identity, 'IPv6')]),
    targets: bind(identity, [
      `0x${linkLocalGroups(identity).join('')}`,
      ...addressesOf(identity, 'IPv6').map(hexadecimal),
    ]),
  };
}

/** Elements of a port and of values, each once. */
export function bind({ port }: Identity, values: readonly string[]): readonly string[] {
  return [...new Set(values)].map((value) => `"${port}" . ${value}`);
}

export function texts(identity: Identity, family: Family): readonly string[] {
  return addressesOf(identity, family).map(({ text }) => text);
}

export function addressesOf({ addresses }: Identity, family: Family): Identity['addresses'] {
  return addresses.filter((address) => address.family === family);
}

export function hexadecimal({ value, family }: Address): string {
  return `0x${value.toString(16).padStart(ADDRESS_BITS[family] / 4, '0')}`;
}

/** The address that the kernel makes from a MAC address (RFC 4291, appendix A). */
function linkLocal(identity: Identity): string {
  const [first, , , , ...last] = linkLocalGroups(identity);
  return `${first}::${last.join(':')}`;
}

/** Its groups of four digits. */
function linkLocalGroups({ mac }: Identity): readonly string[] {
  const [first = '', b, c, d, e, f] = mac.split(':');
  const flipped = (Number.parseInt(first, 16) ^ 2).toString(16).padStart(2, '0');
  return ['fe80', '0000', '0000', '0000', `${flipped}${b}`, `${c}ff`, `fe${d}`, `${e}${f}`];
}
