import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { identityOf } from '../krm/item.ts';
import { readFiles } from '../krm/read.ts';
import type { OutputDocument } from '../krm/write.ts';
import { attempt } from './attempt.ts';
import { filesOf, INVENTORY, kustomizationOf, pathsOf } from '../files/directory-files.ts';
import { UsageError } from '../files/usage-error.ts';
import { inventoryIn, realPathOf, requireDirectory } from './inventory.ts';

/**
 * Writes a file for each document, `NAMESPACE/KIND_NAME.yaml`, and a kustomization.yaml that lists them: the inventory by which the
 * next run removes what is no longer wanted, and nothing else. `read` are the files that the documents came from. Throws UsageError
 * where a file that would be written was not written by this command, before anything is written; and where the system refuses to write.
 */
export function writeDirectory(directory: string, documents: readonly OutputDocument[], read: readonly string[]): void {
  const before = attempt(() => listed(directory));
  const files = filesOf(documents);
  const gone = before.filter((path) => !files.has(path));
  attempt(() => {
    requireOwn(directory, files, before, read);
    for (const path of gone) requireWritten(directory, path);
    mkdirSync(directory, { recursive: true });
    // Both, in case that this run does not come to its end.
    writeInventory(directory, [...files.keys(), ...gone]);
    for (const [path, text] of files) {
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    for (const path of gone) rmSync(join(directory, path), { force: true });
    writeInventory(directory, files.keys());
  });
}

/** What the last run has written. */
function listed(directory: string): readonly string[] {
  if (directory === '') throw new UsageError('-o must name a directory, and not be empty');
  requireDirectory(directory);
  const inventory = join(directory, INVENTORY);
  const before = inventoryIn(directory);
  if (before !== undefined || !existsSync(inventory)) return before ?? [];
  throw new UsageError(`${inventory} was not written by this command and will not be overwritten`);
}

/** All of the list or what was there before: half of it would be taken for an end. */
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

/** A file is removed only if it holds the object that its name says: a person may have edited the list. */
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

/** A file that was read would be taken for our own by the next run, and not be read any more. */
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
