import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadResult } from '../krm/input.ts';
import { read, readFiles } from '../krm/read.ts';
import { UsageError } from './exit.ts';
import { isManifest, isRead } from './manifest-file.ts';
import { decode, readStdin } from './stdin.ts';

/** Reads files, directories with all below them but hidden ones, or standard input (`-`). Throws UsageError. */
export async function readPaths(paths: readonly string[]): Promise<ReadResult> {
  if (paths.length === 1 && paths[0] === '-') return read(await readStdin());
  if (paths.includes('-')) throw new UsageError('`-` must be the only path');
  return readFiles(
    paths.flatMap(manifests).map((path) => ({
      path,
      text: decode(
        attempt(() => readFileSync(path)),
        path,
      ),
    })),
  );
}

function manifests(path: string): readonly string[] {
  if (!attempt(() => statSync(path)).isDirectory()) return [path];
  return attempt(() => readdirSync(path, { withFileTypes: true }))
    .filter(({ name }) => isRead(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const below = join(path, entry.name);
      if (entry.isDirectory()) return manifests(below);
      return entry.isFile() && isManifest(entry.name) ? [below] : [];
    });
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
