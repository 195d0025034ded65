import type { Manifest } from '../changes/manifest.ts';
import { isSame } from '../changes/manifest.ts';
import { formatAddress } from '../net/address.ts';
import type { Explanation } from './explanation.ts';
import { factsOf, requireReadable } from './network-facts.ts';
import type { Packet } from './packet.ts';
import { anyClient, type Sender, senderOf } from './pod.ts';
import { clientsWay, strangersWay } from './pod-way.ts';
import { forwardHops } from './router-way.ts';

/**
 * Which way a packet takes from each of some senders, those with the same way together. Networks of which no sender is
 * a client are explained for any client, where that is wanted.
 * @throws {@link Unreadable} for a client of a network that cannot be read
 */
export function explain(
  manifests: readonly Manifest[],
  senders: readonly Manifest[],
  packet: Packet,
  withAnyClient: boolean,
): readonly Explanation[] {
  const networks = factsOf(manifests);
  const known = senders.flatMap((one) => senderOf(one, networks) ?? []);
  const others = networks.filter((network) => known.every(({ client }) => client?.network !== network));
  const all = [...known, ...(withAnyClient ? others.map(anyClient) : [])];
  return together(all.map((sender) => explanationOf(sender, packet)));
}

function explanationOf({ name, client }: Sender, { destination, protocol, port }: Packet): Explanation {
  if (client !== undefined) requireReadable(client.network);
  const packet = { destination, ...(protocol && { protocol }), ...(port !== undefined && { port }) };
  const way = client === undefined ? strangersWay() : clientsWay(client, packet);
  return {
    senders: [name],
    ...(client && { network: client.network.label }),
    ...packet,
    destination: formatAddress(destination),
    ...way,
    forwards: client === undefined ? [] : forwardHops(client),
  };
}

/** Clients first, in the order in which they were found. */
function together(all: readonly Explanation[]): readonly Explanation[] {
  const groups: Explanation[] = [];
  for (const one of all.toSorted((a, b) => rank(a) - rank(b))) {
    const index = groups.findIndex((group) => isSame({ ...group, senders: [] }, { ...one, senders: [] }));
    const group = groups[index];
    if (group === undefined) groups.push(one);
    else groups[index] = { ...group, senders: [...group.senders, ...one.senders] };
  }
  return groups;
}

function rank({ network }: Explanation): number {
  return network === undefined ? 1 : 0;
}
