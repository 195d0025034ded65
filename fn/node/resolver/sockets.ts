/** What a program of the pod listens at. */
export interface Socket {
  readonly protocol: string;
  /** `*`, or an address. */
  readonly address: string;
  /**
   * Whether dnsmasq listens there. All containers share the ports, but only processes of this one are seen to hold
   * theirs.
   */
  readonly isOwn: boolean;
}

export const PROTOCOLS = ['udp', 'tcp'] as const;

/** Reads what `ss -Hlntup 'sport = 53'` prints (ss(8)). */
export function parseSockets(text: string, server: number): readonly Socket[] {
  return text.split('\n').flatMap((line) => {
    const [protocol, , , , local, , process = ''] = line.split(/\s+/);
    if (protocol === undefined || local === undefined) return [];
    const address = local.replace(/:53$/, '').replace(/^\[(.*)\]$/, '$1');
    return [{ protocol, address, isOwn: process.includes(`pid=${server},`) }];
  });
}

/** What is wrong with the sockets, for the addresses that the router has. */
export function socketFaults(sockets: readonly Socket[], addresses: readonly string[]): readonly string[] {
  return PROTOCOLS.flatMap((protocol) => {
    if (addresses.length === 0) return [`dnsmasq does not listen for ${protocol}`];
    const mine = sockets.filter((socket) => socket.protocol === protocol);
    return addresses.flatMap((address) => socketFault(mine, protocol, address) ?? []);
  });
}

/**
 * It listens at an address as soon as the router has it. A socket at all addresses is in its way, unless it came first.
 */
function socketFault(sockets: readonly Socket[], protocol: string, address: string): string | undefined {
  const others = sockets.filter(({ isOwn }) => !isOwn).map((socket) => socket.address);
  const holder = [address, '*', '0.0.0.0', '::'].find((each) => others.includes(each));
  const listens = sockets.some((socket) => socket.isOwn && socket.address === address);
  // Questions may go to either of two that hold the same address.
  if (listens && holder !== address) return undefined;
  if (holder === undefined) return `dnsmasq does not listen for ${protocol} at ${address}`;
  const remedy = 'with gluetun, set DOT=off (up to v3.40) or DNS_SERVER=off';
  return `another program of the pod holds port 53 (${protocol} at ${holder}), so dnsmasq does not answer at ${address}: ${remedy}`;
}
