import { isAlias, isMap, isScalar, isSeq, type YAMLMap } from 'yaml';

/** How many keys a map gets by merges (`<<`); `sizes` has how many each map before it has in all. */
export function mergedKeys(
  map: YAMLMap,
  anchors: ReadonlyMap<string, unknown>,
  sizes: ReadonlyMap<unknown, number>,
): number {
  const sizeOf = (value: unknown): number => {
    const node = isAlias(value) ? anchors.get(value.source) : value;
    if (isSeq(node)) return node.items.reduce((sum: number, item) => sum + (isSeq(item) ? 0 : sizeOf(item)), 0);
    return isMap(node) ? (sizes.get(node) ?? node.items.length) : 0;
  };
  return map.items.reduce((sum, { key, value }) => sum + (isScalar(key) && key.value === '<<' ? sizeOf(value) : 0), 0);
}
