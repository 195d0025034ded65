import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { identityOf } from '../krm/item.ts';
import { readFiles } from '../krm/read.ts';
import type { OutputDocument } from '../krm/write.ts';
import { attempt } from './attempt.ts';
import { filesOf, kustomizationOf, pathsOf } from '../files/directory-files.ts';
import { INVENTORY } from '../files/inventory-file.ts';
import { UsageError } from '../files/usage-error.ts';
import { inventoryIn, realPathOf, requireDirectory } from './inventory.ts';

/**
 * Writes a file for each document, `NAMESPACE/KIND_NAME.yaml`, and a kustomization.yaml that lists
 * them. From this inventory the next run knows which files to remove when they are no longer
 * needed. `read` are the files that the documents came from.
 * @throws {@link UsageError} before anything is written if this command did not write a file that
 * it would replace; also if the system refuses to write
 */
export function writeDirectory(directory: string, documents: readonly OutputDocument[], read: readonly string[]): void {
  const before = attempt(() => listed(directory));
  const files = filesOf(documents);
  const gone = before.filter((path) => !files.has(path));
  attempt(() => {
    requireOwn(directory, files, before, read);
    for (const path of gone) requireWritten(directory, path);
    mkdirSync(directory, { recursive: true });
    // New and old files, in case this run is interrupted.
    writeInventory(directory, [...files.keys(), ...gone]);
    for (const [path, text] of files) {
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    for (const path of gone) rmSync(join(directory, path), { force: true });
    writeInventory(directory, files.keys());
  });
}

/**
 * The files that the last run has written.
 * @throws {@link UsageError} if something else is in their place
 */
function listed(directory: string): readonly string[] {
  if (directory === '') throw new UsageError('-o must name a directory, and not be empty');
  requireDirectory(directory);
  const inventory = join(directory, INVENTORY);
  const before = inventoryIn(directory);
  if (before !== undefined || !existsSync(inventory)) return before ?? [];
  throw new UsageError(`${inventory} was not written by this command and will not be overwritten`);
}

/** Writes the inventory completely or not at all: the next run would take a part for the whole. */
function writeInventory(directory: string, paths: Iterable<string>): void {
  const [whole, part] = [join(directory, INVENTORY), join(directory, `.${INVENTORY}`)];
  try {
    writeFileSync(part, kustomizationOf(paths));
    renameSync(part, whole);
  } catch (error) {
    try {
      rmSync(part, { force: true });
    } catch {
      // The reason of the failed write is more useful.
    }
    throw error;
  }
}

/**
 * Makes sure that a file to remove holds the object that its name says: somebody may have edited
 * the list.
 * @throws {@link UsageError} if it does not
 */
function requireWritten(directory: string, path: string): void {
  const file = join(directory, path);
  if (!existsSync(file)) return;
  const { items } = readFiles([{ path, text: readFileSync(file, 'utf8') }]).input;
  const identity = items.length === 1 && items[0] !== undefined ? identityOf(items[0]) : undefined;
  if (identity !== undefined && pathsOf(identity).includes(path)) return;
  throw new UsageError(
    `${join(directory, INVENTORY)} lists ${path}, which this command did not write and will not remove: remove it from the list`,
  );
}

/**
 * Makes sure that files of others are not replaced. The next run would take a file that was read
 * for one of its own, and not read it again.
 * @throws {@link UsageError} for such a file
 */
function requireOwn(
  directory: string,
  files: ReadonlyMap<string, string>,
  before: readonly string[],
  read: readonly string[],
): void {
  const ours = new Set(before);
  const sources = new Set(read.map(realPathOf));
  for (const [path, text] of files) {
    const file = join(directory, path);
    if (ours.has(path) || !existsSync(file)) continue;
    const isRead = sources.has(realpathSync(file));
    if (!isRead && readFileSync(file, 'utf8') === text) continue;
    throw new UsageError(
      `${file} ${isRead ? 'was read' : 'is there and was not written by this command'}, and will not be overwritten: give -o another directory`,
    );
  }
}
