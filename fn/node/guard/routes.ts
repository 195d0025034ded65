import type { Address, Family } from '../../net/address.ts';
import type { Cidr } from '../../net/cidr.ts';

/** A route of the kernel. */
export interface Route {
  readonly device: string;
  readonly destination: Cidr;
  /** None where the destination is on the link. */
  readonly gateway?: Address;
}

/** Route flags (linux/route.h): the route has a gateway; the route refuses. */
const RTF_GATEWAY = 0x2;
const RTF_REJECT = 0x200;

/** The routes in the text of /proc/net/route (proc_net(5)). Addresses are in the byte order of the machine. */
export function readRoutes(text: string): readonly Route[] {
  return rows(text).flatMap(([device, destination, gateway, flags, , , , mask]) => {
    if (device === undefined || device === 'Iface' || mask === undefined) return [];
    const length = fromHost(mask).toString(2).replaceAll('0', '').length;
    const base = { family: 'IPv4', base: BigInt(fromHost(destination)), length } as const;
    return route(device, base, Number(`0x${flags}`), BigInt(fromHost(gateway)));
  });
}

/** The routes in the text of /proc/net/ipv6_route, those of all tables. */
export function readIPv6Routes(text: string): readonly Route[] {
  return rows(text).flatMap(([destination, length, , , gateway, , , , flags, device]) => {
    if (device === undefined) return [];
    const cidr = { family: 'IPv6', base: BigInt(`0x${destination}`), length: Number(`0x${length}`) } as const;
    return route(device, cidr, Number(`0x${flags}`), BigInt(`0x${gateway}`));
  });
}

function rows(text: string): readonly (readonly string[])[] {
  return text.split('\n').map((line) => line.trim().split(/\s+/));
}

function route(device: string, destination: Cidr, flags: number, gateway: bigint): readonly Route[] {
  if ((flags & RTF_REJECT) !== 0) return [];
  const { family }: { readonly family: Family } = destination;
  return [{ device, destination, ...((flags & RTF_GATEWAY) !== 0 && { gateway: { family, value: gateway } }) }];
}

/** The number that the kernel has printed as if its bytes were in the machine's order. */
function fromHost(hex = '0'): number {
  return new DataView(new Uint32Array([Number(`0x${hex}`)]).buffer).getUint32(0);
}
