import { realpathSync, type Stats, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { UsageError } from '../files/usage-error.ts';
import { isRead } from '../files/manifest-file.ts';

/**
 * What a link in a directory that is read stands for. A file is read wherever it is, as kubectl does. A directory is only read where it
 * lies in what is read and is hidden there, as in a mounted ConfigMap; where it is not hidden it is read anyway (`Known`).
 */
export type Link = 'File' | 'Directory' | 'Known';

/**
 * Tells what a link stands for; `root` is the directory that is read, without links. Throws UsageError for what is not followed: what
 * has no target or leads in circles, and directories elsewhere, which may hold whatever is there.
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
