import type { Problem } from '../../krm/problem.ts';
import { ItemUnreadable } from '../../krm/unreadable.ts';
import { UsageError } from '../../files/usage-error.ts';
import { type Checkout, MAX_BYTES, MAX_ENTRIES, nameIn } from './checkout.ts';
import { Refusal } from './refusal.ts';

/** A directory to read. */
export interface Visit {
  /** Absolute, with all links resolved. */
  readonly directory: string;
  /**
   * For a directory that only collects configurations of plugins: the directory of the
   * kustomization that lists it. Names in the configurations are relative to that.
   */
  readonly collectsFor: string | undefined;
  /** The number of kustomizations above it. */
  readonly depth: number;
}

/**
 * The state of a copy: what is in it, the directories to visit, and the problems. Paths are
 * absolute, in the checkout.
 */
export interface Build {
  readonly checkout: Checkout;
  readonly directories: Set<string>;
  readonly files: Map<string, string | Uint8Array>;
  readonly seen: Set<string>;
  readonly visits: Visit[];
  readonly problems: Problem[];
  /** How many bytes may still be added. */
  left: number;
}

/** An empty copy. */
export function buildAt(checkout: Checkout): Build {
  return {
    checkout,
    directories: new Set(),
    files: new Map(),
    seen: new Set(),
    visits: [],
    problems: [],
    left: MAX_BYTES,
  };
}

/**
 * Adds a file to the copy. A file that was rewritten replaces one that was copied, but not the
 * reverse.
 * @throws {@link Refusal} if the copy becomes too large
 */
export function put(build: Build, path: string, content: string | Uint8Array, how: 'written' | 'data'): void {
  if (how === 'data' && build.files.has(path)) return;
  // A file counts once for each of its names: links can give it many.
  build.left -= Buffer.byteLength(content);
  build.files.set(path, content);
  if (build.left < 0 || build.files.size > MAX_ENTRIES)
    throw new Refusal(
      `the files to build must not be more than ${MAX_ENTRIES} files, or ${MAX_BYTES / 1024 / 1024} MiB of them`,
    );
}

/** The result of an action; undefined if it fails. The failure becomes a problem of the file. */
export function guarded<T>(build: Build, path: string, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ItemUnreadable)) throw error;
    const file = { path: nameIn(build.checkout, path), index: 0 };
    build.problems.push({ code: 'Unsupported', severity: 'error', message: error.message, file });
    return undefined;
  }
}
