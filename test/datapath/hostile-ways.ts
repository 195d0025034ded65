import { DATAGRAM, INET, send, socket, socketAddress } from '../../fn/verify/calls.ts';
import type { Known } from '../../fn/verify/place.ts';
import type { Way } from '../../fn/verify/way.ts';
import { WAYS as WAYS_WITHOUT_TUNNEL } from '../../fn/verify/ways.ts';
import { udp, vxlan } from './bed/datagrams.ts';
import { packet } from './frames.ts';

/** What a hostile program knows of the place where it is. */
export interface Surroundings extends Known {
  /** The ends of the primary network's tunnel: the program's own node, and another. */
  readonly tunnel: { readonly here: string; readonly there: string };
}

/** The primary network's tunnel: the number of flannel's VXLAN, the port of Linux, and the nodes' MAC address on it. */
export const TUNNEL = { vni: 1, port: 8472, mac: '02:00:00:00:0f:01' } as const;

/** In the tunnel of the primary network, to a node. */
const inTunnel = (title: string, to: keyof Surroundings['tunnel']): Way<Surroundings> => ({
  title: `in the primary network's VXLAN, ${title}`,
  isOpen: [true, true],
  isUsual: false,
  make: (_, outside, { own, port, tunnel }) => {
    const payload = udp({ from: own, to: outside, port, payload: Buffer.from('hostile!') });
    const frame = packet('02:00:00:00:0f:99', TUNNEL.mac, [own, outside], { payload });
    return [socket(INET, DATAGRAM), send(socketAddress(tunnel[to], TUNNEL.port), vxlan(TUNNEL.vni, frame))];
  },
});

/** What a program without any privilege can try, all of it at once. */
export const WAYS: readonly Way<Surroundings>[] = [
  ...WAYS_WITHOUT_TUNNEL,
  inTunnel('to the node', 'here'),
  inTunnel('to another node', 'there'),
];
