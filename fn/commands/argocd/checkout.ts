import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { LIMITS } from '../../yaml/limits.ts';
import { decode } from '../../files/decode.ts';
import { Refusal } from './refusal.ts';

/** The most bytes that are read of an application. */
export const MAX_BYTES = LIMITS.INPUT;

/** The most files and directories that are read. */
export const MAX_ENTRIES = 20_000;

/** The checkout of a repository, out of which no path leads. What is read is counted. */
export interface Checkout {
  readonly root: string;
  /** What was counted so far, in bytes by path. */
  readonly sizes: Map<string, number>;
  /** The sum of the sizes. */
  total: number;
}

/** Something in a checkout. */
export interface Place {
  /** Absolute, all links followed. */
  readonly path: string;
  readonly isDirectory: boolean;
}

/** A checkout of which nothing was read. */
export function checkoutAt(root: string): Checkout {
  return { root, sizes: new Map(), total: 0 };
}

/** How a path is named to the user: from the root of the repository on. */
export function nameIn({ root }: Checkout, path: string): string {
  return relative(root, path).split(sep).join('/') || '.';
}

/**
 * The file or directory that a path leads to, all links followed, counted as one that is read; nothing where there is none.
 * Throws {@link Refusal} where it lies outside of the checkout, is neither of them, or with the others is too large.
 */
export function resolveIn(checkout: Checkout, path: string): Place | undefined {
  let real: string;
  try {
    real = realpathSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw new Refusal(`${nameIn(checkout, path)} is a symbolic link to itself`);
    // No file has a name that is too long or contains a null character.
    return undefined;
  }
  if (!isIn(checkout, real)) {
    throw new Refusal(`${nameIn(checkout, path)} leads out of the repository; all files must be in it`);
  }
  const stat = statSync(real);
  if (!stat.isFile() && !stat.isDirectory()) throw new Refusal(`${nameIn(checkout, path)} must be a plain file`);
  count(checkout, real, stat.isFile() ? stat.size : 0);
  return { path: real, isDirectory: stat.isDirectory() };
}

/** Whether an absolute path, links aside, is one of the checkout. */
export function isIn({ root }: Checkout, path: string): boolean {
  return path === root || path.startsWith(root + sep);
}

/** The text of a file that {@link resolveIn} gave. Throws UsageError where it is not UTF-8. */
export function readIn(checkout: Checkout, place: Place): string {
  return decode(readBytesIn(checkout, place), nameIn(checkout, place.path));
}

/** The bytes of a file that {@link resolveIn} gave. Throws {@link Refusal} where something else has taken its place. */
export function readBytesIn(checkout: Checkout, { path }: Place): Uint8Array {
  // Links are not followed, and pipes do not block.
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (stat.isFile() && stat.size === checkout.sizes.get(path)) return readFileSync(file);
    throw new Refusal(`${nameIn(checkout, path)} was changed while it was read`);
  } finally {
    closeSync(file);
  }
}

function count(checkout: Checkout, path: string, size: number): void {
  if (checkout.sizes.has(path)) return;
  checkout.sizes.set(path, size);
  checkout.total += size;
  if (checkout.sizes.size > MAX_ENTRIES) {
    throw new Refusal(`an application must not have more than ${MAX_ENTRIES} files and directories`);
  }
  if (checkout.total <= MAX_BYTES) return;
  const [largest = '', bytes = 0] = [...checkout.sizes].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const [limit, found] = [MAX_BYTES, bytes].map((value) => `${Math.round(value / 1024 / 1024)} MiB`);
  throw new Refusal(
    `the files of an application must not be larger than ${limit} together; the largest, ${nameIn(checkout, largest)}, has ${found}`,
  );
}
