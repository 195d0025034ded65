import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadResult } from '../../krm/input.ts';
import { read, readFiles } from '../../krm/read.ts';
import { hiddenLineEnd } from '../hidden-line-ends.ts';
import { ENGINE_FILES, MANIFEST } from '../manifest-file.ts';
import { type Checkout, nameIn, type Place, readIn, resolveIn } from './checkout.ts';
import { Refusal } from './refusal.ts';

/** A file with this in it is not for the cluster (Argo CD documentation, "Directory"). */
const SKIP = '+argocd:skip-file-rendering';

/**
 * The manifests of a directory and all below it, but for hidden entries, files of engines, and files in which nothing looks like an
 * object. Throws {@link Refusal}.
 */
export function readDirectory(checkout: Checkout, directory: string): ReadResult {
  const files = manifests(checkout, directory)
    .map(([path, place]) => ({ path: nameIn(checkout, path), text: readIn(checkout, place) }))
    .filter(({ text }) => text.includes('apiVersion') && text.includes('kind') && !text.includes(SKIP));
  for (const { path, text } of files) {
    const hidden = hiddenLineEnd(text);
    if (hidden !== undefined) throw new Refusal(`${path} ${hidden}`);
  }
  return files.length === 0 ? read('') : readFiles(files);
}

/** By the paths that lead to them. A link may stand for a file; one to a directory could double manifests, so it is refused. */
function manifests(checkout: Checkout, directory: string): readonly (readonly [string, Place])[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && !ENGINE_FILES.has(entry.name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (!entry.isDirectory() && !entry.isSymbolicLink() && !MANIFEST.test(entry.name)) return [];
      const place = resolveIn(checkout, path);
      if (place === undefined) throw new Refusal(`${nameIn(checkout, path)} is a link that leads nowhere`);
      if (!place.isDirectory) return MANIFEST.test(entry.name) ? [[path, place] as const] : [];
      if (entry.isDirectory()) return manifests(checkout, path);
      throw new Refusal(
        `${nameIn(checkout, path)} is a link to a directory, which is not followed: list the directory in a kustomization.yaml`,
      );
    });
}
