import type { Planted } from './cluster-objects.ts';

/** What is wrong with a cluster that is healthy otherwise, and the only line that is not well then. */
export interface Fault {
  readonly title: string;
  /** Objects that are there besides, or instead of those of their names. */
  readonly put?: readonly Planted[];
  /** `Kind name` of objects that are not there. */
  readonly remove?: readonly string[];
  /** The example that is to be installed, and its fields. */
  readonly example?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly says: string;
}
