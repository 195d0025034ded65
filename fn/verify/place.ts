import type { Family } from '../net/address.ts';

type Addresses = Readonly<Partial<Record<Family, string>>>;

/** What a program knows of the pod that it is in, and of the cluster. */
export interface Place {
  /** The index of the pod's `eth0`. */
  readonly index: number;
  /** Its addresses on `eth0`, and on the network. */
  readonly own: Addresses;
  readonly network: Addresses;
  /** Those of its node and of another, of a pod elsewhere, and of a Service that leads there. */
  readonly node: Addresses;
  readonly otherNode: Addresses;
  readonly pod: Addresses;
  readonly service: Addresses;
  /** Where that pod and its Service answer over UDP and TCP, and what everything is sent to. */
  readonly port: number;
}

/** A place, as far as one family goes. */
export type Known = Readonly<Record<'own' | 'network' | 'node' | 'otherNode' | 'pod' | 'service', string>> &
  Pick<Place, 'index' | 'port'>;

/** What is known of a place in one family; nothing where an address is missing. */
export function knownOf({ index, port, ...addresses }: Place, family: Family): Known | undefined {
  const known = Object.entries(addresses).map(([name, of]) => [name, of[family]] as const);
  if (known.some(([, address]) => address === undefined)) return undefined;
  return { ...(Object.fromEntries(known) as Record<keyof typeof addresses, string>), index, port };
}
