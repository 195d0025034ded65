import { ADDRESS_BITS, type Address, formatAddress, parseAddress } from './address.ts';

/** An address as an interface has it: with the prefix length of its network. */
export interface InterfaceAddress extends Address {
  readonly length: number;
}

const MAPPED_PREFIX = 0xffffn;

/** Reads `address/length`. IPv4-mapped IPv6 (`::ffff:0:0/96`) is in no network here. */
export function parseInterfaceAddress(text: string): InterfaceAddress | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^(?:0|[1-9]\d{0,2})$/.test(digits)) return undefined;
  const isMapped = address.family === 'IPv6' && address.value >> 32n === MAPPED_PREFIX;
  return isMapped || Number(digits) > ADDRESS_BITS[address.family] ? undefined : { ...address, length: Number(digits) };
}

/** The canonical text, such as `fd00:50::1/64`. */
export function formatInterfaceAddress(address: InterfaceAddress): string {
  return `${formatAddress(address)}/${address.length}`;
}
