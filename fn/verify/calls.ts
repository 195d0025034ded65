import { type Family, parseAddress } from '../net/address.ts';

/** Calls of one socket, one after another, as `programs/calls.pl` makes them. */
export type Calls = readonly string[];

/** Numbers of Linux (asm-generic/socket.h, linux/in.h, linux/in6.h, linux/socket.h, linux/udp.h). */
export const [INET, INET6] = [2, 10] as const;
export const [STREAM, DATAGRAM] = [1, 2] as const;
export const PROTOCOL = { ICMP: 1, ICMPv6: 58, MPTCP: 262 } as const;
export const LEVEL = { socket: 1, IPv4: 0, IPv6: 41, UDP: 17 } as const;
export const FAST_OPEN = 0x20000000;

export const socket = (domain: number, type: number, protocol = 0): string => `socket ${domain} ${type} ${protocol}`;
export const option = (level: number, name: number, value: Buffer | number): string =>
  `option ${level} ${name} ${(typeof value === 'number' ? int(value) : value).toString('hex')}`;
export const bind = (address: Buffer): string => `bind ${address.toString('hex')}`;
export const connect = (address: Buffer): string => `connect ${address.toString('hex')}`;
export const send = (to: Buffer, payload: Buffer, flags = 0): string =>
  `send ${to.toString('hex')} ${payload.toString('hex')} ${flags}`;
export const message = (to: Buffer, payload: Buffer, control: Buffer): string =>
  `message ${[to, payload, control].map((each) => each.toString('hex')).join(' ')}`;

/** The input of `programs/calls.pl`: a line for each way to send, and an empty one. */
export function callsInput(ways: readonly Calls[]): string {
  return `${ways.map((calls) => `${calls.join(';')}\n`).join('')}\n`;
}

/** What became of a way to send: how often all its calls were made, and what the last one that failed had to say. */
export interface Tried {
  readonly sent: number;
  readonly error: string | undefined;
}

/** Reads what `programs/calls.pl` has printed, a line for each way. */
export function parseTried(output: string): readonly Tried[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, sent, error] = /^(\d+) (.*)$/.exec(line) ?? [];
      return { sent: Number(sent), error: error === '-' ? undefined : error };
    });
}

/** A number as machines that the node image is made for have it in memory: the last byte first. */
export function int(value: number, bytes: 2 | 4 | 8 = 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, Math.min(bytes, 6));
  return buffer;
}

/** The bytes of an IP address. */
export function octets(text: string): Buffer {
  const address = parseAddress(text);
  if (address === undefined) throw new RangeError(`${text} is no address`);
  return Buffer.from(address.value.toString(16).padStart(address.family === 'IPv4' ? 8 : 32, '0'), 'hex');
}

/** A `struct sockaddr_in` or `sockaddr_in6` (ip(7), ipv6(7)). */
export function socketAddress(address: string, port: number, scope = 0): Buffer {
  const [bytes, number] = [octets(address), Buffer.from([port >> 8, port & 255])];
  if (bytes.length === 4) return Buffer.concat([int(INET, 2), number, bytes, Buffer.alloc(8)]);
  return Buffer.concat([int(INET6, 2), number, Buffer.alloc(4), bytes, int(scope)]);
}

/** A `struct cmsghdr` with its value (cmsg(3)). */
function controlMessage(level: number, type: number, value: Buffer): Buffer {
  const padding = Buffer.alloc(-value.length & 7);
  return Buffer.concat([int(16 + value.length, 8), int(level), int(type), value, padding]);
}

/** IP_PKTINFO (ip(7)) or IPV6_PKTINFO (RFC 3542, section 6) with an interface and, if there is one, a source. */
export function packetInfo(family: Family, index: number, source?: string): Buffer {
  if (family === 'IPv6')
    return controlMessage(LEVEL.IPv6, 50, Buffer.concat([source ? octets(source) : Buffer.alloc(16), int(index)]));
  return controlMessage(
    LEVEL.IPv4,
    8,
    Buffer.concat([int(index), source ? octets(source) : Buffer.alloc(4), Buffer.alloc(4)]),
  );
}

/** A segment routing header (RFC 8754, section 2): by the one address to the other. */
export function segments(by: string, to: string): Buffer {
  return Buffer.concat([Buffer.from('0004040101000000', 'hex'), octets(to), octets(by)]);
}
