import { TRAFFIC_SETS } from '../config/packets.ts';
import { dropsIn } from '../status/drops.ts';

/** What one client has sent or received. */
export interface ClientBytes {
  /** Its address. */
  readonly client: string;
  readonly bytes: number;
}

/** What the rules of a router have counted. */
export interface Traffic {
  readonly sent: readonly ClientBytes[];
  readonly received: readonly ClientBytes[];
  /** Dropped packets, by the reason. */
  readonly drops: ReadonlyMap<string, number>;
}

/** Reads what `nft list table inet gateway` prints. */
export function parseTraffic(listing: string): Traffic {
  const sent = new Set<string>(Object.values(TRAFFIC_SETS.sent));
  const received = new Set<string>(Object.values(TRAFFIC_SETS.received));
  const sets = listing.split('\n\tset ').slice(1);
  const bytesOf = (names: ReadonlySet<string>) =>
    sets.flatMap((text) => (names.has(text.split(' ')[0] ?? '') ? elements(text) : []));
  return { sent: bytesOf(sent), received: bytesOf(received), drops: dropsIn(listing, 'gateway') };
}

/** The elements of a set, each `ADDRESS counter packets N bytes N …`. */
function elements(text: string): readonly ClientBytes[] {
  const [body = ''] = text.split('\n\t}');
  return [...body.matchAll(/([\da-f.:]+)(?: timeout \w+)?(?: expires \w+)? counter packets \d+ bytes (\d+)/g)].map(
    ([, client = '', bytes]) => ({ client, bytes: Number(bytes) }),
  );
}
