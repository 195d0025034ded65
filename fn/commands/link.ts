import { realpathSync, type Stats, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { UsageError } from '../files/usage-error.ts';
import { isRead } from '../files/manifest-file.ts';

/**
 * The target of a link in a directory that is read. A file is read wherever it is, as kubectl does.
 * A directory is only read if it is hidden and inside of what is read, as in a mounted ConfigMap.
 * One that is not hidden is read anyway (`Known`).
 */
export type Link = 'File' | 'Directory' | 'Known';

/**
 * Finds out what a link leads to. `root` is the directory that is read, with links resolved.
 * @throws {@link UsageError} for a link without a target, in a cycle, or to a directory outside,
 * which may contain anything
 */
export function linkAt(link: string, root: string): Link {
  const stat = targetOf(link);
  if (stat === undefined) throw new UsageError(`${link} is a symbolic link without a target: repair or remove it`);
  if (!stat.isDirectory()) return 'File';
  const names = relative(root, realpathSync(link)).split(sep);
  if (names[0] !== '..') return names.every((name) => isRead(name)) ? 'Known' : 'Directory';
  throw new UsageError(
    `${link} is a symbolic link to a directory outside, which is not followed: replace it by the directory, or by links to its files`,
  );
}

function targetOf(link: string): Stats | undefined {
  try {
    return statSync(link);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw new UsageError(`${link} is a symbolic link to itself: remove it`);
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
