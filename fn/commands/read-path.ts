import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadResult } from '../krm/input.ts';
import { read, readFiles } from '../krm/read.ts';
import { attempt } from './attempt.ts';
import { UsageError } from './exit.ts';
import { realPathOf, writtenIn } from './inventory.ts';
import { isManifest, isRead } from './manifest-file.ts';
import { fileReader } from './read-file.ts';
import { decode, readStdin } from './stdin.ts';

/**
 * Reads files, directories with all below them but hidden ones, or standard input (`-`). What `render -o` has written is not read:
 * neither the directory that it will write to, nor the files that an inventory of it lists. Throws UsageError.
 */
export async function readPaths(paths: readonly string[], output?: string): Promise<ReadResult> {
  if (paths.length === 1 && paths[0] === '-') return read(await readStdin());
  if (paths.includes('-')) throw new UsageError('`-` must be the only path');
  const written = new Set(
    output !== undefined && existsSync(output) ? [realpathSync(output), ...writtenIn(output)] : [],
  );
  const fileOf = fileReader();
  return readFiles(
    paths.flatMap((path) => manifests(path, written)).map((path) => ({ path, text: decode(fileOf(path), path) })),
  );
}

function manifests(path: string, written: Set<string>): readonly string[] {
  const isDirectory = attempt(() => statSync(path)).isDirectory();
  const real = attempt(() => realPathOf(path));
  if (!isDirectory && written.has(real)) throw new UsageError(`${path} was written by \`render -o\`, and is not read`);
  if (!isDirectory) return [path];
  for (const file of writtenIn(path)) written.add(file);
  return attempt(() => readdirSync(path, { withFileTypes: true }))
    .filter(({ name }) => isRead(name) && !written.has(join(real, name)))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const below = join(path, entry.name);
      if (entry.isDirectory()) return manifests(below, written);
      return entry.isFile() && isManifest(entry.name) ? [below] : [];
    });
}
