import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { LIMITS } from '../../yaml/limits.ts';
import { decode } from '../../files/decode.ts';
import { Refusal } from './refusal.ts';

/** The maximum size of the files of an application that are read, in bytes. */
export const MAX_BYTES = LIMITS.INPUT;

/** The maximum number of files and directories that are read. */
export const MAX_ENTRIES = 20_000;

/** The checkout of a repository. No path leads out of it, and everything that is read is counted. */
export interface Checkout {
  readonly root: string;
  /** What was counted so far: the sizes in bytes, by path. */
  readonly sizes: Map<string, number>;
  /** The sum of the sizes, in bytes. */
  total: number;
}

/** A file or a directory in a checkout. */
export interface Place {
  /** Absolute, with all links resolved. */
  readonly path: string;
  readonly isDirectory: boolean;
}

/** A checkout from which nothing was read. */
export function checkoutAt(root: string): Checkout {
  return { root, sizes: new Map(), total: 0 };
}

/** The name of a path in messages: relative to the root of the repository. */
export function nameIn({ root }: Checkout, path: string): string {
  return relative(root, path).split(sep).join('/') || '.';
}

/**
 * The file or directory at a path, with all links resolved; undefined if there is none. It is
 * counted as read.
 * @throws {@link Refusal} if it is outside of the checkout, is neither a file nor a directory, or
 * exceeds the limits together with the others
 */
export function resolveIn(checkout: Checkout, path: string): Place | undefined {
  let real: string;
  try {
    real = realpathSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw new Refusal(`${nameIn(checkout, path)} is a symbolic link to itself`);
    // There is no such file. A name that is too long or contains a null character never has one.
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

/** Whether an absolute path is in the checkout. Links are not resolved. */
export function isIn({ root }: Checkout, path: string): boolean {
  return path === root || path.startsWith(root + sep);
}

/**
 * The text of a file that {@link resolveIn} returned.
 * @throws UsageError if it is not UTF-8, or as {@link readBytesIn} does
 */
export function readIn(checkout: Checkout, place: Place): string {
  return decode(readBytesIn(checkout, place), nameIn(checkout, place.path));
}

/**
 * The bytes of a file that {@link resolveIn} returned.
 * @throws {@link Refusal} if the file was replaced or changed since
 */
export function readBytesIn(checkout: Checkout, { path }: Place): Uint8Array {
  // If a link or a pipe has replaced the file, the link is not followed and the pipe does not
  // block.
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
