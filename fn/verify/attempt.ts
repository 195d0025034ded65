import { FAMILIES, type Family } from '../net/address.ts';
import type { Calls } from './calls.ts';
import { addressIn, numberIn, type TestRange } from './range.ts';
import { knownOf, type Place } from './place.ts';
import type { Way } from './way.ts';
import { WAYS } from './ways.ts';

/** The number of the first address that a way has; those below are the watchers' own. */
const FIRST = 2;
/** So many have an address for each way, of the 254 of a range. */
export const MOST_CLIENTS: number = Math.floor((255 - FIRST) / WAYS.length);

/** A way that one client goes, to an address that no other goes to. */
export interface Attempt {
  readonly client: number;
  readonly way: Way;
  readonly family: Family;
  readonly calls: Calls;
}

/** What the client of an index tries, of the families that its place is known in. */
export function attemptsOf(client: number, place: Place, range: TestRange): readonly Attempt[] {
  return FAMILIES.flatMap((family) => {
    const [cidr, known] = [range[family], knownOf(place, family)];
    if (cidr === undefined || known === undefined) return [];
    return WAYS.flatMap((way, number): readonly Attempt[] => {
      const calls = way.make(family, addressIn(cidr, FIRST + client * WAYS.length + number), known);
      return calls ? [{ client, way, family, calls }] : [];
    });
  });
}

/** The client and the way that a destination belongs to. */
export function ownerOf(
  range: TestRange,
  destination: string,
): { readonly client: number; readonly way: Way } | undefined {
  const number = numberIn(range, destination);
  if (number === undefined || number < FIRST) return undefined;
  const way = WAYS[(number - FIRST) % WAYS.length];
  return way && { client: Math.floor((number - FIRST) / WAYS.length), way };
}
