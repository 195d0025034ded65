import { ownerOf } from './attempt.ts';
import type { Packet } from './check.ts';
import type { TestRange } from './range.ts';
import type { Sighting } from './sighting.ts';

/** A client, and the node's end of its `eth0`. */
export interface End {
  readonly node: string;
  /** The index of the interface; nothing where the node has none. */
  readonly index: number | undefined;
}

/** What was seen of the packets of clients. */
export interface Seen {
  /** At the clients' `eth0`, of programs that leave the interface to the routes. */
  readonly usual: readonly Packet[];
  /** Behind the clients' `eth0`, of programs that ask for it. */
  readonly leaked: readonly Packet[];
  /** How many of those were seen at `eth0`, by client. */
  readonly asked: ReadonlyMap<number, number>;
}

/**
 * Judges what was seen. A packet of a program that asks for `eth0` never goes by the gateway, so that it may be seen at
 * the node's end of that `eth0`, where it is held, and nowhere else.
 */
export function judge(sightings: readonly Sighting[], ends: ReadonlyMap<number, End>, range: TestRange): Seen {
  const owned = sightings.flatMap((sighting) => {
    const owner = ownerOf(range, sighting.to);
    const end = owner && ends.get(owner.client);
    if (owner === undefined || end === undefined) return [];
    return [{ ...owner, sighting, end, isAtEnd: sighting.node === end.node && sighting.index === end.index }];
  });
  const tell = (chosen: typeof owned) =>
    chosen
      .map(({ sighting, way, end }) => packetOf(sighting, way.title, end.node))
      // What the node has sent says most: where it went.
      .toSorted((one, other) => other.direction.localeCompare(one.direction) || one.time.localeCompare(other.time));
  return {
    usual: tell(owned.filter(({ way, isAtEnd }) => way.isUsual && isAtEnd)),
    leaked: tell(owned.filter(({ way, isAtEnd }) => !way.isUsual && !isAtEnd)),
    asked: new Map(
      [...ends.keys()].map((client) => [
        client,
        owned
          .filter((one) => one.client === client && !one.way.isUsual && one.isAtEnd)
          .reduce((sum, { sighting }) => sum + sighting.count, 0),
      ]),
    ),
  };
}

function packetOf(sighting: Sighting, way: string, client: string): Packet {
  const { time, node, device, direction, from, to, protocol, count } = sighting;
  const at = new Date(time * 1000).toISOString();
  return { time: at, node, interface: device, direction, from, to, protocol, count, way, client };
}
