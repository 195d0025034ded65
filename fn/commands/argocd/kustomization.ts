import { isFields } from '../../yaml/fields.ts';
import { basename, join } from 'node:path';
import type { Problem } from '../../krm/problem.ts';
import { anyOf, quote } from '../../api/quote.ts';
import { isKustomization, KUSTOMIZATIONS } from '../../files/manifest-file.ts';
import { type Build, buildAt, guarded, put, type Visit } from './build.ts';
import { type Checkout, nameIn, type Place, readBytesIn, readIn, resolveIn } from './checkout.ts';
import { kustomizationWith, type Kind, type Rewrite } from './fields.ts';
import { jsonOf, plainOf } from './plain.ts';
import { pluginsWritten } from './plugins.ts';
import { pathWritten, type Site } from './reference.ts';
import { Refusal } from './refusal.ts';

/** The deepest nesting of kustomizations. */
const MAX_DEPTH = 64;

/** What kustomize builds: directories and files, by their paths in the checkout. */
export interface Copy {
  readonly directories: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/**
 * The file that makes a directory a kustomization; undefined if there is none.
 * @throws {@link Refusal} as {@link resolveIn} does
 */
export function kustomizationIn(checkout: Checkout, directory: string): Place | undefined {
  return KUSTOMIZATIONS.map((name) => resolveIn(checkout, join(directory, name))).find(
    (place) => place?.isDirectory === false,
  );
}

/**
 * Copies a kustomization with everything that it names. Kustomizations and configurations of
 * plugins are read, checked and written again, so that kustomize builds what was checked, even if
 * it would read the original differently. Each path in them leads to something in the copy. All
 * other files are data, and are copied. Problems are remote resources, paths that lead out of the
 * repository, functions, and YAML that grows without bounds.
 */
export function copyOf(checkout: Checkout, directory: string): Copy | { readonly problems: readonly Problem[] } {
  const build = buildAt(checkout);
  build.visits.push({ directory, collectsFor: undefined, depth: 0 });
  // The loop adds more visits.
  for (const visit of build.visits) guarded(build, visit.directory, () => visitDirectory(build, visit));
  const { problems, directories, files } = build;
  return problems.length > 0 ? { problems } : { directories, files };
}

function visitDirectory(build: Build, visit: Visit): void {
  const { directory, collectsFor, depth } = visit;
  const key = JSON.stringify([directory, collectsFor]);
  if (build.seen.has(key)) return;
  build.seen.add(key);
  if (depth > MAX_DEPTH) throw new Refusal(`kustomizations must not nest deeper than ${MAX_DEPTH} levels`);
  build.directories.add(directory);
  const found = KUSTOMIZATIONS.flatMap((name) => {
    const path = join(directory, name);
    const place = guarded(build, path, () => resolveIn(build.checkout, path));
    return place?.isDirectory === false ? [[path, place] as const] : [];
  });
  if (found.length > 1) {
    const names = found.map(([path]) => quote(basename(path))).join(' and ');
    throw new Refusal(`found multiple kustomization files, ${names}: it must be one of ${anyOf(KUSTOMIZATIONS)}`);
  }
  for (const [path, place] of found) guarded(build, path, () => visitKustomization(build, visit, path, place));
}

function visitKustomization(build: Build, visit: Visit, path: string, place: Place): void {
  const { values, problems } = plainOf(readIn(build.checkout, place), nameIn(build.checkout, path));
  build.problems.push(...problems);
  const [value = {}, ...others] = values.filter((document) => document !== null);
  if (others.length > 0) throw new Refusal('a kustomization must be one document: kustomize would skip the others');
  if (!isFields(value)) throw new Refusal(`a kustomization must be a map of fields, and is ${quote(value)}`);
  const { directory, collectsFor } = visit;
  const site: Site = { file: path, root: directory, pluginRoot: collectsFor ?? directory, depth: visit.depth };
  const written = kustomizationWith(value, collectsFor !== undefined, rewriteAt(build, site));
  put(build, path, jsonOf(written, build.left), 'written');
}

/** Returns the text that replaces a name, and adds what it names to the copy. */
function rewriteAt(build: Build, site: Site): Rewrite {
  return (kind, text, field) =>
    guarded(build, site.file, () => {
      const isText = text.includes('\n') || /^\s*\{/.test(text);
      if (kind === 'plugin' && isText)
        return pluginsWritten(text, rewriteAt(build, site), field, nameIn(build.checkout, site.file), build);
      // A text with a line end is not a URL. As the name of a file it has no file in the copy.
      if (kind === 'patch' && isText) return `${text}\n`;
      if (kind !== 'keyed file') return pathWritten(build, site, kind, text, field, take);
      const [key = '', ...rest] = text.split('=');
      return rest.length === 0
        ? pathWritten(build, site, kind, text, field, take)
        : `${key}=${pathWritten(build, site, kind, rest.join('='), field, take)}`;
    }) ?? '';

  function take(kind: Kind, path: string, place: Place): void {
    if (isKustomization(basename(path)))
      throw new Refusal(`${nameIn(build.checkout, path)} is a kustomization, and must not be used as a file`);
    if (kind === 'plugin') return takePlugins(path, place);
    const bytes = readBytesIn(build.checkout, place);
    if (kind === 'resource' || kind === 'manifest' || kind === 'patch')
      guarded(build, path, () => refuseBombs(build, path, place));
    put(build, path, bytes, 'data');
  }

  function takePlugins(path: string, place: Place): void {
    const key = JSON.stringify([path, site.pluginRoot, 'plugin']);
    if (build.seen.has(key)) return;
    build.seen.add(key);
    guarded(build, path, () => {
      const name = nameIn(build.checkout, path);
      const inner: Site = { ...site, file: path, root: site.pluginRoot };
      put(
        build,
        path,
        pluginsWritten(readIn(build.checkout, place), rewriteAt(build, inner), '', name, build),
        'written',
      );
    });
  }
}

/** Checks objects that kustomize reads. Only aliases could multiply them without bounds. */
function refuseBombs(build: Build, path: string, place: Place): void {
  const text = readIn(build.checkout, place);
  if (!text.includes('&') || !text.includes('*')) return;
  build.problems.push(...plainOf(text, nameIn(build.checkout, path), 'tags').problems);
}
