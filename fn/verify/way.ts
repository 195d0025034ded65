import { FAMILIES, type Family } from '../net/address.ts';
import {
  type Calls,
  bind,
  DATAGRAM,
  INET,
  INET6,
  LEVEL,
  option,
  PROTOCOL,
  send,
  socket,
  socketAddress,
  STREAM,
} from './calls.ts';
import type { Known } from './place.ts';

/** The calls that send to an address outside; nothing where the way is none of that family. */
type Make<Where> = (family: Family, to: string, place: Where) => Calls | undefined;

/** A way to send, for who knows what is needed of the place. */
export interface Way<Where = Known> {
  readonly title: string;
  /** Whether packets leave by `eth0` where nothing holds the pod on the node: over IPv4, over IPv6. */
  readonly isOpen: readonly [boolean, boolean];
  /** Whether it leaves the interface to the routes, as programs do that want nothing special. */
  readonly isUsual: boolean;
  readonly make: Make<Where>;
}

export const [OPEN, SHUT, ONLY_IPV6] = [
  [true, true],
  [false, false],
  [false, true],
] as const;

/** What is sent. */
export const TEXT: Buffer = Buffer.from('hostile!');
/** An ICMP or ICMPv6 echo request whose checksum the kernel fills in. */
export const ECHO_REQUEST = {
  IPv4: Buffer.from('0800000000010001', 'hex'),
  IPv6: Buffer.from('8000000000010001', 'hex'),
};

export const datagrams = (family: Family) => socket(family === 'IPv4' ? INET : INET6, DATAGRAM);
export const echoes = (family: Family) =>
  socket(family === 'IPv4' ? INET : INET6, DATAGRAM, family === 'IPv4' ? PROTOCOL.ICMP : PROTOCOL.ICMPv6);
export const streams = (family: Family, protocol = 0) => socket(family === 'IPv4' ? INET : INET6, STREAM, protocol);
export const at = (to: string, port: number) => socketAddress(to, port);
// The numbers of options are those of socket(7), ip(7), ipv6(7) and udp(7).
export const device = () => option(LEVEL.socket, 25, Buffer.from('eth0\0'));
export const perFamily = (family: Family, [IPv4, IPv6]: readonly [number, number], value: Buffer | number) =>
  family === 'IPv4' ? option(LEVEL.IPv4, IPv4, value) : option(LEVEL.IPv6, IPv6, value);
export const foreign = (family: Family) => perFamily(family, [15, 78], 1);
export const bigEndian = (value: number) => Buffer.from(value.toString(16).padStart(8, '0'), 'hex');

export const usual = (title: string, make: Make<Known>): Way => ({ title, isOpen: SHUT, isUsual: true, make });
export const asking = (title: string, isOpen: Way['isOpen'], make: Make<Known>): Way => ({
  title,
  isOpen,
  isUsual: false,
  make,
});
export const shut = (title: string, make: Make<Known>): Way => asking(title, SHUT, make);
export const open = (title: string, make: Make<Known>): Way => asking(title, OPEN, make);
export const only = (
  family: Family,
  title: string,
  isOpen: boolean,
  make: (to: string, place: Known) => Calls | undefined,
): Way =>
  asking(title, FAMILIES.map((each) => isOpen && each === family) as [boolean, boolean], (each, to, place) =>
    each === family ? make(to, place) : undefined,
  );

/** A way that asks for `eth0` by the device's name and then does something. */
export const byDevice = (title: string, make: (family: Family, to: string, place: Known) => Calls): Way =>
  open(`SO_BINDTODEVICE, ${title}`, (family, to, place) => {
    const [first = '', ...others] = make(family, to, place);
    return [first, device(), ...others];
  });

/** A datagram with a source outside, to somebody in the cluster who answers there. */
export const withForeignSource = (title: string, to: (place: Known) => Buffer, ...options: readonly string[]): Way =>
  asking(`a source of the internet, ${title}`, ONLY_IPV6, (family, source, place) => {
    const target = family === 'IPv6' ? to(place) : at(place.pod, place.port);
    return [datagrams(family), foreign(family), ...options, bind(at(source, 0)), send(target, TEXT)];
  });
