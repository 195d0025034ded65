import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isRecord } from '../../krm/identity.ts';
import { valueOf } from '../../krm/item.ts';
import type { Problem } from '../../krm/problem.ts';
import { readFiles } from '../../krm/read.ts';
import { ItemUnreadable } from '../../krm/unreadable.ts';
import { quote } from '../../api/quote.ts';
import { UsageError } from '../exit.ts';
import { MANIFEST } from '../manifest-file.ts';
import { type Checkout, nameIn, type Place, readIn, resolveIn } from './checkout.ts';

/** The files that make a directory a kustomization. */
const FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Fields that list files and directories with objects in them. kustomize takes names in any case, since JSON readers of Go do. */
const LISTS: ReadonlySet<string> = new Set([
  'resources',
  'bases',
  'components',
  'generators',
  'transformers',
  'validators',
]);
/** Those of them that configure plugins; entries may be objects. */
const PLUGINS: ReadonlySet<string> = new Set(['generators', 'transformers', 'validators']);
/** Fields whose text is never taken for a path. */
const DATA: ReadonlySet<string> = new Set(['annotations', 'commonannotations', 'labels', 'commonlabels', 'literals']);

/** How kustomize tells what it has to fetch (api/internal/git/repospec.go, api/internal/loader/fileloader.go), taken widely. */
const REMOTE = /[:@?]|^github\.com|_git\//i;
/** In a list of files, the path may follow a key. */
const URL = /(?:^|=)\s*[a-z][a-z0-9+.-]*:(?:\/\/|:)/i;

/** A tag can make text of what looks like something else (`!!binary`); nothing in a kustomization needs one. */
const TAG = /(?:^|[\s,[{])(![\w!<]\S*)/m;

const REMEDY =
  'this plugin expands GatewayNetworks itself, so remove it, and from GatewayNetworks the annotation config.kubernetes.io/local-config';

/** The directory of a build, and what was found in it. */
interface Search {
  readonly checkout: Checkout;
  readonly seen: Set<string>;
  readonly problems: Problem[];
}

/** The file that makes a directory a kustomization; nothing where there is none. Throws {@link Refusal}. */
export function kustomizationIn(checkout: Checkout, directory: string): Place | undefined {
  return FILES.map((name) => resolveIn(checkout, join(directory, name))).find((place) => place !== undefined);
}

/**
 * What keeps a kustomization, with all that it is made of, from being built: remote parts, paths that lead out of the repository,
 * functions, and YAML that grows without bounds when its aliases are followed. Nothing is run.
 */
export function kustomizationProblems(checkout: Checkout, directory: string): readonly Problem[] {
  const search: Search = { checkout, seen: new Set(), problems: [] };
  visitDirectory(search, directory);
  return search.problems;
}

function visitDirectory(search: Search, directory: string): void {
  if (search.seen.has(directory)) return;
  search.seen.add(directory);
  for (const name of FILES) {
    const place = guarded(search, join(directory, name), () => resolveIn(search.checkout, join(directory, name)));
    if (place !== undefined && !place.isDirectory) visitKustomization(search, join(directory, name), place);
  }
}

function visitKustomization(search: Search, path: string, place: Place): void {
  refuseTags(search, path, place);
  for (const value of valuesIn(search, path, place)) {
    if (!isRecord(value)) continue;
    for (const [name, content] of Object.entries(value)) {
      if (LISTS.has(name.toLowerCase())) visitList(search, path, name, content);
      else visitMember(search, path, name, name, content);
    }
  }
}

function visitList(search: Search, path: string, name: string, content: unknown): void {
  for (const [index, entry] of [content].flat().entries()) visitEntry(search, path, `${name}[${index}]`, entry);
}

/** An entry of a field that lists files and directories. */
function visitEntry(search: Search, path: string, field: string, entry: unknown): void {
  const isPlugin = PLUGINS.has(field.replace(/\[.*/, '').toLowerCase());
  if (typeof entry !== 'string') return;
  if (isPlugin && entry.includes('\n')) {
    const { input, problems } = readFiles([{ path: nameIn(search.checkout, path), text: entry }]);
    search.problems.push(...problems);
    const values = input.items.map((item) => guarded(search, path, () => valueOf(item)));
    visitPlugin(search, path, field, values);
    return;
  }
  if (REMOTE.test(entry)) {
    refuse(search, path, `\`${field}\` ${quote(entry)} is remote, and must be a file or directory of this repository`);
    return;
  }
  const target = resolve(dirname(path), entry);
  const place = guarded(search, path, () => resolveIn(search.checkout, target));
  if (place === undefined) return;
  if (place.isDirectory) visitDirectory(search, place.path);
  else if (isPlugin) {
    refuseTags(search, target, place);
    visitPlugin(search, target, undefined, valuesIn(search, target, place));
  } else visitManifests(search, target, place);
}

/** Generators, transformers and validators: kustomize's own may stay; they name files as a kustomization does. */
function visitPlugin(search: Search, path: string, field: string | undefined, values: readonly unknown[]): void {
  for (const value of values) {
    const metadata = isRecord(value) ? value['metadata'] : undefined;
    const annotations = isRecord(metadata) && isRecord(metadata['annotations']) ? metadata['annotations'] : {};
    if (Object.keys(annotations).some((key) => /^config\.(?:kubernetes|k8s)\.io\/function$/.test(key))) {
      const what = field === undefined ? 'it' : `\`${field}\``;
      refuse(search, path, `${what} is a function, and none is run here: ${REMEDY}`);
    }
    visitData(search, path, field ?? '', value);
  }
}

/** Any other field: what stands in it may be a path. */
function visitData(search: Search, path: string, field: string, value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\n')) return;
    if (URL.test(value))
      refuse(search, path, `\`${field}\` ${quote(value)} is remote, and must be a file of this repository`);
    else visitFile(search, path, value);
  } else if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) visitData(search, path, `${field}[${index}]`, inner);
  } else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      visitMember(search, path, field === '' ? key : `${field}.${key}`, key, inner);
    }
  }
}

function visitMember(search: Search, path: string, field: string, key: string, value: unknown): void {
  if (!DATA.has(key.toLowerCase())) visitData(search, path, field, value);
}

/** What may be the name of a file below is looked at where it is one; kustomize lets no other name out of its directory. */
function visitFile(search: Search, path: string, text: string): void {
  const name = text.slice(text.indexOf('=') + 1);
  if (name === '' || isAbsolute(name) || name.split('/').includes('..')) return;
  const target = join(dirname(path), name);
  const place = guarded(search, path, () => resolveIn(search.checkout, target));
  if (place?.isDirectory === false) visitManifests(search, target, place);
}

/** Objects that kustomize reads. They are of interest only where following aliases could multiply them. */
function visitManifests(search: Search, path: string, place: Place): void {
  const text = guarded(search, path, () => readIn(search.checkout, place)) ?? '';
  if (text.includes('&') && text.includes('*') && MANIFEST.test(place.path)) valuesIn(search, path, place);
}

function valuesIn(search: Search, path: string, place: Place): readonly unknown[] {
  const name = nameIn(search.checkout, path);
  const text = readIn(search.checkout, place);
  const { input, problems } = readFiles([{ path: name, text }]);
  search.problems.push(...problems);
  return input.items.map((item) => guarded(search, path, () => valueOf(item)));
}

function refuseTags(search: Search, path: string, place: Place): void {
  const [, tag] = TAG.exec(guarded(search, path, () => readIn(search.checkout, place)) ?? '') ?? [];
  if (tag !== undefined) refuse(search, path, `must not have YAML tags, and has ${quote(tag)}`);
}

/** Gives what an action gives, or nothing where it refuses, which then is a problem of the file. */
function guarded<T>(search: Search, path: string, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ItemUnreadable)) throw error;
    refuse(search, path, error.message);
    return undefined;
  }
}

function refuse({ checkout, problems }: Search, path: string, message: string): void {
  problems.push({ code: 'Unsupported', severity: 'error', message, file: { path: nameIn(checkout, path), index: 0 } });
}
