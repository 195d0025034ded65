import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ReadResult } from '../../krm/input.ts';
import { notWritten } from '../../files/inventory.ts';
import { hiddenLineEnd } from '../../files/hidden-line-ends.ts';
import { isKustomization, isRead, MANIFEST } from '../../files/manifest-file.ts';
import { readManifests, refuseKustomizations } from '../../files/manifests.ts';
import { type Checkout, nameIn, type Place, readIn, resolveIn } from './checkout.ts';
import { Refusal } from './refusal.ts';

/** A file that contains this is not for the cluster (Argo CD documentation, "Directory"). */
const SKIP = '+argocd:skip-file-rendering';

const REMEDY =
  "the application's own directory must have a kustomization.yaml that lists their directories, or no directory below it may have one";

/**
 * Reads the manifests of a directory and of all directories below it, except hidden ones.
 * @throws {@link Refusal} for what must not be read
 * @throws UsageError for kustomizations and charts
 */
export function readDirectory(checkout: Checkout, directory: string): ReadResult {
  const found = new Map(manifests(checkout, directory).map(([path, place]) => [nameIn(checkout, path), place]));
  const places = withoutWritten(checkout, found);
  const kustomizations = places.filter(([path]) => isKustomization(basename(path)));
  refuseKustomizations(
    kustomizations.map(([path]) => path),
    REMEDY,
  );
  const files = places
    .map(([path, place]) => ({ path, text: readIn(checkout, place) }))
    .filter(({ text }) => !text.includes(SKIP));
  for (const { path, text } of files) {
    const hidden = hiddenLineEnd(text);
    if (hidden !== undefined) throw new Refusal(`${path} ${hidden}`);
  }
  return readManifests(files);
}

/** The files that `render -o` did not write, by their names in the checkout. */
function withoutWritten(checkout: Checkout, found: ReadonlyMap<string, Place>): readonly (readonly [string, Place])[] {
  const textOf = (path: string): string => {
    const place = found.get(path);
    return place === undefined ? '' : readIn(checkout, place);
  };
  const left = new Set(notWritten([...found.keys()], textOf));
  return [...found].filter(([path]) => left.has(path));
}

/**
 * Manifests and kustomizations by their paths. A link to a file is followed. A link to a directory
 * is refused, because manifests could be read twice.
 */
function manifests(checkout: Checkout, directory: string): readonly (readonly [string, Place])[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => isRead(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      const isWanted = MANIFEST.test(entry.name) || isKustomization(entry.name);
      if (!entry.isDirectory() && !entry.isSymbolicLink() && !isWanted) return [];
      const place = resolveIn(checkout, path);
      if (place === undefined) throw new Refusal(`${nameIn(checkout, path)} is a symbolic link without a target`);
      if (!place.isDirectory) return isWanted ? [[path, place] as const] : [];
      if (entry.isDirectory()) return manifests(checkout, path);
      throw new Refusal(
        `${nameIn(checkout, path)} is a symbolic link to a directory, which is not followed: list the directory in a kustomization.yaml`,
      );
    });
}
