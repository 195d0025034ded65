import { type ChildProcess, spawn } from 'node:child_process';
import { parseAddress } from '../../../fn/net/address.ts';
import type { Namespace } from '../../agent/namespace.ts';
import type { Frame } from '../frames.ts';

/** How a datagram is put into IP packets. */
export interface Form {
  /** After how many bytes of its UDP header and payload each further fragment begins: multiples of 8. */
  readonly cuts?: readonly number[];
  /** Whether the IP header has options, or an IPv6 packet an extension header before UDP. */
  readonly options?: boolean;
  /** Whether the UDP checksum is left out, as IPv4 allows. */
  readonly unsummed?: boolean;
}

export interface Datagram {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly payload: Buffer;
}

const UDP = 17;
const [FRAGMENT, DESTINATION_OPTIONS] = [44, 60];

/** A frame as VXLAN carries it (RFC 7348, section 5). */
export function vxlan(vni: number, frame: Frame): Buffer {
  return Buffer.concat([Buffer.from('08000000', 'hex'), number(vni * 256, 4), frame]);
}

/** A UDP header and its payload. */
export function udp({ from, to, port, payload }: Datagram, unsummed = false): Buffer {
  const head = (sum: number) =>
    Buffer.concat([number(40_000, 2), number(port, 2), number(8 + payload.length, 2), number(sum, 2)]);
  if (unsummed) return Buffer.concat([head(0), payload]);
  const pseudo = Buffer.concat([address(from), address(to), number(UDP, 4), number(8 + payload.length, 4)]);
  return Buffer.concat([head(checksum(Buffer.concat([pseudo, head(0), payload]))), payload]);
}

/** The IP packets of a datagram. */
export function packets(
  datagram: Datagram,
  { cuts = [], options = false, unsummed = false }: Form = {},
): readonly Buffer[] {
  const whole = udp(datagram, unsummed);
  const isIPv6 = datagram.from.includes(':');
  const body = isIPv6 && options ? Buffer.concat([Buffer.from([UDP, 0, 1, 4, 0, 0, 0, 0]), whole]) : whole;
  const shift = body.length - whole.length;
  const bounds = [0, ...cuts.map((cut) => cut + shift), body.length];
  return bounds.slice(0, -1).map((begin, index) => {
    const end = bounds[index + 1] ?? body.length;
    const fragment = { offset: begin, isLast: end === body.length, isOnly: cuts.length === 0 };
    const part = body.subarray(begin, end);
    return isIPv6
      ? ipv6(datagram, part, options ? DESTINATION_OPTIONS : UDP, fragment)
      : ipv4(datagram, part, options, fragment);
  });
}

interface Fragment {
  readonly offset: number;
  readonly isLast: boolean;
  readonly isOnly: boolean;
}

/** The kernel fills in the length and the checksum of what is sent by a raw socket (raw(7)). */
function ipv4({ from, to }: Datagram, part: Buffer, options: boolean, { offset, isLast }: Fragment): Buffer {
  const nothing = options ? Buffer.from([1, 1, 1, 0]) : Buffer.alloc(0);
  const flags = (isLast ? 0 : 0x2000) + offset / 8;
  const head = [number(options ? 0x4600 : 0x4500, 2), number(20 + nothing.length + part.length, 2), number(4711, 2)];
  return Buffer.concat([
    ...head,
    number(flags, 2),
    number(64, 1),
    number(UDP, 1),
    number(0, 2),
    address(from),
    address(to),
    nothing,
    part,
  ]);
}

function ipv6({ from, to }: Datagram, part: Buffer, next: number, { offset, isLast, isOnly }: Fragment): Buffer {
  const header = isOnly
    ? Buffer.alloc(0)
    : Buffer.concat([number(next, 1), number(0, 1), number(offset + (isLast ? 0 : 1), 2), number(4711, 4)]);
  const head = [
    number(6 << 28, 4),
    number(header.length + part.length, 2),
    number(isOnly ? next : FRAGMENT, 1),
    number(64, 1),
  ];
  return Buffer.concat([...head, address(from), address(to), header, part]);
}

/**
 * Sends IP packets from a namespace by raw sockets, all of them each 10 ms, until it is disposed
 * of; perl is part of every Debian.
 */
export function startSending(
  namespace: Namespace,
  list: readonly Buffer[],
): Disposable & { readonly process: ChildProcess } {
  const program = `
    socket(A, 2, 3, 255) or die "socket: $!"; socket(B, 10, 3, 255) or die "socket: $!";
    chomp(my @lines = <STDIN>);
    my @packets = map { pack('H*', $_) } @lines;
    while (1) {
      for (@packets) {
        if (ord($_) >> 4 == 4) { send(A, $_, 0, pack('S n a4 x8', 2, 0, substr($_, 16, 4))) }
        else { send(B, $_, 0, pack('S n N a16 N', 10, 0, 0, substr($_, 24, 16), 0)) }
      }
      select(undef, undef, undef, 0.01);
    }`;
  const child = spawn('ip', ['netns', 'exec', namespace, 'perl', '-e', program], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(list.map((each) => `${each.toString('hex')}\n`).join(''));
  return { process: child, [Symbol.dispose]: () => child.kill('SIGKILL') };
}

function address(text: string): Buffer {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`${text} is no address`);
  return Buffer.from(parsed.value.toString(16).padStart(parsed.family === 'IPv4' ? 8 : 32, '0'), 'hex');
}

function number(value: number, bytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');
}

/** The Internet checksum (RFC 1071); 0 is written as all ones. */
function checksum(data: Buffer): number {
  let sum = 0;
  for (let index = 0; index < data.length; index += 2) sum += (data[index] ?? 0) * 256 + (data[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff || 0xffff;
}
