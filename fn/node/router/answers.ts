/** Reads what `ip -j neigh show` prints: the addresses whose MAC address is known. */
export function answersOf(neighbours: unknown): ReadonlySet<string> {
  const found = (neighbours ?? []) as readonly { readonly dst: string; readonly lladdr?: string }[];
  return new Set(found.flatMap(({ dst, lladdr }) => (lladdr === undefined ? [] : [dst])));
}
