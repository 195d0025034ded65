/** A forwarding entry of a bridge or a VXLAN, as `bridge -j fdb show` has it. */
export interface Entry {
  readonly mac: string;
  readonly dst?: string;
  readonly viaIf?: string;
}

/**
 * The MAC address of the entry whose destinations get a copy of each frame that is flooded (bridge(8), "fdb append").
 */
const FLOODED = '00:00:00:00:00:00';

/** Reads what `bridge -j fdb show` prints: arrays, one after another where there were several questions. */
export function parseEntries(text: string): readonly Entry[] {
  const arrays = text.split('\n').filter((line) => line.startsWith('['));
  return arrays.flatMap((line) => JSON.parse(line) as readonly Entry[]);
}

/** Where flooded frames go: an address, or `address%interface`, each once. */
export function destinations(entries: readonly Entry[]): readonly string[] {
  const all = entries.flatMap(({ mac, dst, viaIf }) =>
    mac !== FLOODED || dst === undefined ? [] : [viaIf === undefined ? dst : `${dst}%${viaIf}`],
  );
  return [...new Set(all)];
}
