import { lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { UsageError } from '../../files/usage-error.ts';
import type { Checkout } from './checkout.ts';
import type { Copy } from './kustomization.ts';

const PREFIX = 'gateway-network-fn-copy-';

/** The age in milliseconds at which a copy is stale: Argo CD ends a command after 90 s. */
const STALE = 10 * 60 * 1000;

/**
 * Writes a copy to a new folder, in which all paths are those in the checkout. No other user can
 * write to it. The folder is removed after the action.
 * @throws {@link UsageError} if the copy cannot be written
 */
export async function withCopy<T>(
  { root }: Checkout,
  { directories, files }: Copy,
  action: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = newFolder();
  const placed = (path: string) => join(folder, relative(root, path));
  try {
    try {
      for (const path of directories) mkdirSync(placed(path), { recursive: true });
      for (const [path, content] of files) {
        mkdirSync(dirname(placed(path)), { recursive: true });
        writeFileSync(placed(path), content, { flag: 'wx', mode: 0o600 });
      }
    } catch (error) {
      throw new UsageError(`the files for kustomize cannot be written: ${messageOf(error)}`);
    }
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Where a copy may be written: in the sidecar's own volume, or in the shared memory that a
 * container has even if its root is read-only.
 */
const PARENTS = [tmpdir(), '/dev/shm'];

function newFolder(): string {
  const failures: string[] = [];
  for (const parent of PARENTS) {
    try {
      removeStale(parent);
      return realpathSync(mkdtempSync(join(parent, PREFIX)));
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  throw new UsageError(
    `the files for kustomize cannot be written, and ${tmpdir()} must be a volume for that: ${failures.join('; ')}`,
  );
}

/** Removes the copies of commands that were killed, because the volume is small. */
function removeStale(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(PREFIX)) continue;
    try {
      const stat = lstatSync(join(folder, name));
      const isOurs = stat.isDirectory() && stat.uid === process.getuid?.();
      if (isOurs && Date.now() - stat.mtimeMs > STALE) rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // Another command has removed it.
    }
  }
}
