/**
 * A function that makes something again only where it is asked for something else than the last time. There may be
 * hundreds of peers, and a pass is made four times a minute for nothing.
 */
export function latest<T>(): (key: readonly unknown[], make: () => T) => T {
  let kept: { readonly key: readonly unknown[]; readonly value: T } | undefined;
  return (key, make) => {
    if (kept?.key.length !== key.length || kept.key.some((each, index) => each !== key[index])) {
      kept = { key, value: make() };
    }
    return kept.value;
  };
}
