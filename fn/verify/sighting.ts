import { formatAddress } from '../net/address.ts';

/** Packets of a kind that a watcher has seen, as `programs/watch.pl` prints them. */
export interface Sighting {
  readonly node: string;
  /** When the first passed, in seconds since 1970, by the clock of the node. */
  readonly time: number;
  /** The index and the name of the interface, and the bridge that it is a port of. */
  readonly index: number;
  readonly device: string;
  readonly bridge: string | undefined;
  /** `out`: the node has sent them by it. */
  readonly direction: 'in' | 'out';
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly count: number;
}

/** IANA's numbers (linux/in.h). */
const PROTOCOLS: Readonly<Record<string, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 44: 'IPv6-Frag', 58: 'ICMPv6' };

/** What a watcher prints when it has begun. */
export const WATCHING = 'watching';

/** Reads the log of a watcher, of which the last line of each kind counts. */
export function parseSightings(log: string, node: string): readonly Sighting[] {
  const lines = log.split('\n').flatMap((line) => parseLine(line, node) ?? []);
  return [...new Map(lines.map((each) => [keyOf(each), each])).values()];
}

function keyOf({ index, direction, from, to, protocol }: Sighting): string {
  return [index, direction, from, to, protocol].join(' ');
}

/** Time, index, name, bridge, direction, source, destination, protocol, count. */
const LINE = /^(\d+\.\d+) (\d+) (\S+) (\S+) (in|out) ([\da-f]+) ([\da-f]+) (\d+) (\d+)$/;

/** Nothing for another line: what Perl has to say is in the log, too. */
function parseLine(line: string, node: string): Sighting | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const [, time, index, device = '', bridge, direction, from = '', to = '', protocol = '', count] = match;
  return {
    node,
    time: Number(time),
    index: Number(index),
    device,
    bridge: bridge === '-' ? undefined : bridge,
    direction: direction === 'out' ? 'out' : 'in',
    from: addressOf(from),
    to: addressOf(to),
    protocol: PROTOCOLS[protocol] ?? protocol,
    count: Number(count),
  };
}

function addressOf(digits: string): string {
  return formatAddress({ family: digits.length === 8 ? 'IPv4' : 'IPv6', value: BigInt(`0x${digits}`) });
}
