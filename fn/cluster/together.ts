type Settled<T> = { -readonly [Key in keyof T]: Awaited<T[Key]> };

/** Waits for some answers at once, and gives them by the same names. */
export async function together<T extends Readonly<Record<string, Promise<unknown>>>>(answers: T): Promise<Settled<T>> {
  const entries = Object.entries(answers).map(async ([name, answer]) => [name, await answer] as const);
  return Object.fromEntries(await Promise.all(entries)) as Settled<T>;
}
