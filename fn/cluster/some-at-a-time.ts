/** How many questions to the cluster are under way at once, where their number grows with it. */
const AT_ONCE = 16;

/** Does the same with each of some things, {@link AT_ONCE} at a time, and gives what comes of them in their order. */
export async function someAtATime<T, Result>(
  things: readonly T[],
  act: (thing: T) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = things.entries();
  const worker = async () => {
    for (const [index, thing] of waiting) results[index] = await act(thing);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, things.length) }, worker));
  return results;
}
