import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import type { ReadResult } from '../krm/input.ts';
import { read } from '../krm/read.ts';
import { attempt } from './attempt.ts';
import { UsageError } from '../files/usage-error.ts';
import { INVENTORY } from '../files/inventory-file.ts';
import { inventoryIn, realPathOf, requireDirectory, writtenIn } from './inventory.ts';
import { linkAt } from './link.ts';
import { isKustomization, isManifest, isRead } from '../files/manifest-file.ts';
import { readManifests, refuseKustomizations } from '../files/manifests.ts';
import { fileReader } from './read-file.ts';
import { readStdin } from './stdin.ts';
import { decode } from '../files/decode.ts';

/**
 * Reads files, directories with everything below them that is not hidden, or standard input (`-`).
 * What `render -o` has written is not read: neither the directory `output`, nor the files that an
 * inventory lists.
 * @throws {@link UsageError} for what cannot be read
 */
export async function readPaths(paths: readonly string[], output?: string): Promise<ReadResult> {
  if (paths.length === 1 && paths[0] === '-') return read(await readStdin());
  if (paths.includes('-')) throw new UsageError('`-` must be the only path');
  // The output directory may be inside of what is read, or the same.
  if (output !== undefined) requireDirectory(output);
  const written = new Set(
    output !== undefined && existsSync(output) ? [realpathSync(output), ...writtenIn(output)] : [],
  );
  const found = [...new Set(paths.flatMap((path) => manifests(path, written)).map(normalize))];
  const kustomizations = found.filter((path) => isKustomization(basename(path)));
  const [first] = kustomizations;
  refuseKustomizations(
    kustomizations,
    `build it and pass the result, as in \`kustomize build ${first === undefined ? '' : dirname(first)} | gateway-network-fn render -\``,
  );
  const fileOf = fileReader();
  return readManifests(found.map((path) => ({ path, text: decode(fileOf(path), path) })));
}

/** The files to read at a path, and its kustomizations. */
function manifests(path: string, written: Set<string>, top?: string): readonly string[] {
  const stat = attempt(() => statSync(path, { throwIfNoEntry: false }));
  if (stat === undefined) throw new UsageError(`${path || "''"} does not exist: give a file, a directory or -`);
  const isDirectory = stat.isDirectory();
  const real = attempt(() => realPathOf(path));
  if (!isDirectory && written.has(real)) throw new UsageError(`${path} was written by \`render -o\`, and is not read`);
  if (!isDirectory) return [path];
  const inventory = inventoryIn(path);
  for (const file of writtenIn(path)) written.add(file);
  const root = top ?? real;
  const found = attempt(() => readdirSync(path, { withFileTypes: true }))
    .filter(({ name }) => isRead(name) && !written.has(join(real, name)))
    .filter(({ name }) => inventory === undefined || name !== INVENTORY)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return found.flatMap((entry) => {
    const below = join(path, entry.name);
    const link = entry.isSymbolicLink() ? linkAt(below, root) : undefined;
    if (link === 'Known') return [];
    if (link === 'Directory') return once(realpathSync(below), written, () => manifests(below, written, root));
    if (entry.isDirectory()) return manifests(below, written, root);
    if (isKustomization(entry.name)) return [below];
    if (!isManifest(entry.name)) return [];
    if (!attempt(() => statSync(below)).isFile()) throw new UsageError(`${below} must be a file`);
    return [below];
  });
}

/** Finds the files of a directory once, even if links lead to it from several places, or from inside. */
function once(real: string, done: Set<string>, find: () => readonly string[]): readonly string[] {
  if (done.has(real)) return [];
  done.add(real);
  return find();
}
