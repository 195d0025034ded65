import { execFileSync } from 'node:child_process';
import { formatAddress, parseAddress } from '../../fn/net/address.ts';
import type { Namespace } from '../agent/namespace.ts';

/** A whole Ethernet frame except for its checksum. */
export type Frame = Buffer;

/** Everybody on the link, as a MAC address. */
export const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const TYPES = { IPv4: 0x0800, ARP: 0x0806, IPv6: 0x86dd } as const;
const ICMPV6 = 58;

/** Any frame: its payload is filled up to the least that Ethernet carries (46 bytes). */
export function frame(from: string, to: string, type: number, payload: Buffer): Frame {
  return Buffer.concat([mac(to), mac(from), number(type, 2), payload, Buffer.alloc(Math.max(0, 46 - payload.length))]);
}

/** A frame with a VLAN tag (IEEE 802.1Q) after its MAC addresses. */
export function tagged(vlan: number, untagged: Frame): Frame {
  return Buffer.concat([untagged.subarray(0, 12), number(0x8100, 2), number(vlan, 2), untagged.subarray(12)]);
}

/** What an ARP message says: who sends it, and whom it asks for or answers (RFC 826). */
export interface ARP {
  readonly operation: 'request' | 'reply';
  readonly sender: string;
  readonly target: string;
  /** 1 is Ethernet; the kernel takes 6, IEEE 802, as well. */
  readonly hardware?: number;
}

/** An ARP message whose sender tells the MAC address that it has. */
export function arp(from: string, to: string, { operation, sender, target, hardware = 1 }: ARP): Frame {
  const head = [number(hardware, 2), number(TYPES.IPv4, 2), number(6, 1), number(4, 1)];
  const pair = [mac(from), ip(sender), mac(operation === 'reply' ? to : BROADCAST), ip(target)];
  return frame(from, to, TYPES.ARP, Buffer.concat([...head, number(operation === 'reply' ? 2 : 1, 2), ...pair]));
}

/** A packet, of UDP unless another protocol is given, in a frame of its family's type. */
export function packet(
  from: string,
  to: string,
  [source, destination]: readonly [string, string],
  { protocol = 17, payload = number(0, 8) }: { readonly protocol?: number; readonly payload?: Buffer } = {},
): Frame {
  if (source.includes(':')) {
    const header = [number(6 << 4, 1), number(0, 3), number(payload.length, 2), number(protocol, 1), number(255, 1)];
    return frame(from, to, TYPES.IPv6, Buffer.concat([...header, ip(source), ip(destination), payload]));
  }
  const head = [number(0x4500, 2), number(20 + payload.length, 2), number(0, 4), number(64, 1), number(protocol, 1)];
  const sum = checksum(Buffer.concat([...head, number(0, 2), ip(source), ip(destination)]));
  return frame(from, to, TYPES.IPv4, Buffer.concat([...head, sum, ip(source), ip(destination), payload]));
}

const DISCOVERY = { RouterAdvertisement: 134, Solicitation: 135, Advertisement: 136, Redirect: 137 } as const;

/** A message of neighbour discovery (RFC 4861, section 4). */
export interface Discovery {
  readonly type: keyof typeof DISCOVERY;
  readonly source: string;
  readonly destination: string;
  readonly target?: string;
  /** Whether an empty header of destination options comes before it. */
  readonly behindOptions?: boolean;
}

/** A message of neighbour discovery whose sender tells the MAC address that it has. */
export function discovery(from: string, to: string, message: Discovery): Frame {
  const { type, source, destination, target = '::', behindOptions = false } = message;
  const ownMAC = Buffer.concat([number(type === 'Solicitation' ? 1 : 2, 1), number(1, 1), mac(from)]);
  const flags = number(type === 'Advertisement' ? 0x20000000 : 0, 4);
  const body =
    type === 'RouterAdvertisement'
      ? [Buffer.from('4000070800000000', 'hex'), Buffer.alloc(4)]
      : [flags, ip(target), ...(type === 'Redirect' ? [ip('2001:db8::1')] : []), ownMAC];
  const unsummed = Buffer.concat([number(DISCOVERY[type], 1), number(0, 3), ...body]);
  const pseudo = Buffer.concat([ip(source), ip(destination), number(unsummed.length, 4), number(ICMPV6, 4)]);
  checksum(Buffer.concat([pseudo, unsummed])).copy(unsummed, 2);
  const options = Buffer.from([ICMPV6, 0, 1, 4, 0, 0, 0, 0]);
  return packet(from, to, [source, destination], {
    protocol: behindOptions ? 60 : ICMPV6,
    payload: behindOptions ? Buffer.concat([options, unsummed]) : unsummed,
  });
}

/**
 * Sends frames from an interface of a pod as they are, by a packet socket (packet(7)); perl is part of every Debian.
 */
export function send(pod: Namespace, frames: readonly Frame[], device = 'net1'): void {
  const program = `
    open(F, '<', '/sys/class/net/${device}/ifindex') or die; chomp(my $index = <F>);
    socket(S, 17, 3, 0) or die "socket: $!";
    send(S, pack('H*', $_), 0, pack('S n l S C C a8', 17, 0, $index, 0, 0, 6, '')) or die "send: $!" for @ARGV;`;
  const hex = frames.map((each) => each.toString('hex'));
  execFileSync('ip', ['netns', 'exec', pod, 'perl', '-e', program, ...hex], { stdio: 'pipe' });
}

function mac(text: string): Buffer {
  return Buffer.from(text.replaceAll(':', ''), 'hex');
}

function ip(text: string): Buffer {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  const digits = address.family === 'IPv4' ? 8 : 32;
  return Buffer.from(address.value.toString(16).padStart(digits, '0'), 'hex');
}

/** The multicast MAC address of an IPv6 address (RFC 2464, section 7). */
export function multicastMAC(address: string): string {
  return `33:33:${ip(address).subarray(12).toString('hex').match(/../g)?.join(':')}`;
}

/** The multicast address that a neighbour listens on for questions about its own (RFC 4291, section 2.7.1). */
export function solicitedNode(address: string): string {
  const value = BigInt(`0x${ip(address).subarray(13).toString('hex')}`);
  return formatAddress({ family: 'IPv6', value: (0xff0200000000000000000001ffn << 24n) | value });
}

function number(value: number, bytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');
}

/** The Internet checksum (RFC 1071). */
function checksum(data: Buffer): Buffer {
  let sum = 0;
  for (let index = 0; index < data.length; index += 2) sum += (data[index] ?? 0) * 256 + (data[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return number(~sum & 0xffff, 2);
}
