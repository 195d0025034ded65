import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../yaml/limits.ts';
import { attempt } from './attempt.ts';
import { INVENTORY } from '../files/inventory-file.ts';
import { writtenBy } from '../files/inventory.ts';
import { UsageError } from '../files/usage-error.ts';

/**
 * The files that an earlier run has written to a directory, by their paths in it; undefined if no
 * run has.
 * @throws {@link UsageError} for an inventory that was edited
 */
export function inventoryIn(directory: string): readonly string[] | undefined {
  const file = join(directory, INVENTORY);
  const text = attempt(() => {
    if (!existsSync(file)) return undefined;
    const stat = statSync(file);
    return stat.isFile() && stat.size <= LIMITS.OBJECT ? readFileSync(file, 'utf8') : undefined;
  });
  return text === undefined ? undefined : writtenBy(text, file);
}

/**
 * Makes sure that a path is a directory, or that nothing is there.
 * @throws {@link UsageError} if something else is there
 */
export function requireDirectory(path: string): void {
  const stat = attempt(() => statSync(path, { throwIfNoEntry: false }));
  if (stat?.isDirectory() === false) throw new UsageError(`${path} is a file, and -o must name a directory`);
  if (stat === undefined && lstatSync(path, { throwIfNoEntry: false }) !== undefined)
    throw new UsageError(`${path} is a symbolic link without a target, and -o must name a directory`);
}

/** The files of {@link inventoryIn}, by their real paths. */
export function writtenIn(directory: string): readonly string[] {
  return (inventoryIn(directory) ?? []).map((path) => join(realpathSync(directory), path));
}

/**
 * The path of a file or directory with links resolved. The path of anything else, such as a pipe of
 * the shell, stays.
 */
export function realPathOf(path: string): string {
  const stat = statSync(path);
  return stat.isFile() || stat.isDirectory() ? realpathSync(path) : path;
}
