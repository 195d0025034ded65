/**
 * Which instance of its router a pod is. Of one router there may be two at once: a pod that is deleted is replaced
 * before it has ended, and a node that was cut off may come back with its own.
 */
export interface Instance {
  /** When it was made, and something that no other has: 16 hexadecimal digits. A younger one has a greater number. */
  readonly stamp: string;
  /** The MAC address of its interface on the network before it was the router's; empty where that is not known. */
  readonly mac: string;
}

/** Reads what is written down of an instance; nothing where that is none. */
export function parseInstance(line = ''): Instance | undefined {
  const [, stamp, mac = ''] = /^([\da-f]{16}) ((?:[\da-f]{2}(?::[\da-f]{2}){5})?)$/.exec(line) ?? [];
  return stamp === undefined ? undefined : { stamp, mac };
}

/** @param moment in milliseconds since the epoch, by the node's clock @param random between 0 and 1 */
export function stampOf(moment: number, random: number): string {
  const digits = (number: number, length: number) => number.toString(16).padStart(length, '0');
  return digits(Math.floor(moment), 12) + digits(Math.floor(random * 0x1_0000), 4);
}

/** The MAC address of an instance that is not the router's; one made of its stamp where its own is not known. */
export function formerMac({ stamp, mac }: Instance): string {
  return mac || ['02', ...(stamp.slice(-10).match(/../g) ?? [])].join(':');
}
