import type { Link } from './link.ts';
import { type Places, podPorts, portsIn } from './port-changes.ts';

/** What the files of CNI plugins say of links: which are of a pod's primary interface, and which of another one. */
export interface InterfaceEnds {
  readonly primary: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
}

/** Whose primary interfaces are looked for. */
export interface Attached {
  /** All of the node. */
  readonly links: readonly Link[];
  readonly places: Places;
  /** The ports of pods that are attached as routers. */
  readonly routers: ReadonlySet<string>;
  readonly ends: (names: ReadonlySet<string>) => InterfaceEnds;
}

/** Which links are to be limited, and of how many clients none was found. */
export interface Found {
  readonly links: readonly Link[];
  readonly missing: number;
}

/** The names that can be written into rules. */
const NAME = /^[A-Za-z0-9._-]+$/;

/**
 * Finds the node's ends of clients' primary interfaces: the ends of one pod lead to the same network namespace. Files
 * tell several ends apart: where none names that of the primary interface, it is each that none names at all.
 *
 * @param before what was limited until now. It stays so after the pod's port is gone, as long as the pod is there.
 */
export function findPrimaries({ links, places, routers, ends }: Attached, before: readonly Link[]): Found {
  const ports = podPorts(portsIn(places, links), places);
  const attached = new Set(ports.map(({ peerNamespace }) => peerNamespace));
  const clients = new Set(
    ports.flatMap(({ name, peerNamespace }) => (peerNamespace === undefined || routers.has(name) ? [] : peerNamespace)),
  );
  const own = new Set(ports);
  const others = links.filter(
    (link) =>
      link.peerNamespace !== undefined && clients.has(link.peerNamespace) && !own.has(link) && NAME.test(link.name),
  );
  const known = ends(new Set(others.map(({ name }) => name)));
  const certain = others.filter(({ name }) => known.primary.has(name));
  const isCertain = new Set(certain.map(({ peerNamespace }) => peerNamespace));
  const likely = others.filter(({ name, peerNamespace }) => !isCertain.has(peerNamespace) && !known.others.has(name));
  const found = [...certain, ...likely];
  const orphans = stillThere(links, before).filter(({ peerNamespace }) => !attached.has(peerNamespace));
  const pods = new Set(found.map(({ peerNamespace }) => peerNamespace));
  return {
    links: [...found, ...orphans].toSorted((a, b) => a.index - b.index),
    missing: clients.size - pods.size,
  };
}

/** Those of some links that are still there, as they are now. */
export function stillThere(links: readonly Link[], before: readonly Link[]): readonly Link[] {
  const now = new Map(links.map((link) => [link.index, link]));
  return before.flatMap(({ index, name }) => {
    const link = now.get(index);
    return link?.name === name ? link : [];
  });
}
