/** A list that has an entry. */
export type NonEmpty<T> = readonly [T, ...T[]];

export function mapAll<T, U>([first, ...others]: NonEmpty<T>, map: (entry: T) => U): NonEmpty<U> {
  return [map(first), ...others.map(map)];
}
