import { decode } from '../files/decode.ts';
import { isKustomization, isManifest, isRead } from '../files/manifest-file.ts';
import { readManifests, refuseKustomizations } from '../files/manifests.ts';
import { filesOf, kustomizationOf } from '../files/directory-files.ts';
import { INVENTORY } from '../files/inventory-file.ts';
import { UsageError } from '../files/usage-error.ts';
import { notWritten } from '../files/inventory.ts';
import { hiddenLineEnd } from '../files/hidden-line-ends.ts';
import { formatProblem } from '../files/format-problem.ts';
import { documentsOf, type OutputDocument } from '../krm/write.ts';
import { run } from '../run.ts';
import { LIMITS, mebibytes } from './limits.ts';
import { Refusal } from './refusal.ts';

/** Files by their path, which is relative, with slashes and without `..`. */
export type Tree = ReadonlyMap<string, Uint8Array>;

const REMEDY =
  'spec.path must be a directory of plain manifests: put patches into the Flux Kustomization that consumes the artifact';

/** The result of rendering a tree of manifests. */
export interface RenderedTree {
  /** A file for each object, and a kustomization.yaml that lists them. */
  readonly files: ReadonlyMap<string, string>;
  /** Warnings, each on one line. */
  readonly warnings: readonly string[];
}

/**
 * `spec.path` as the names of its directories; empty for the root of the source.
 * @throws {@link Refusal} for a path that is not relative, or leads out of the source
 */
export function pathSegments(path: string): readonly string[] {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (path.startsWith('/') || segments.includes('..')) {
    throw new Refusal(
      'InvalidPath',
      `spec.path is "${path}" and must be relative to the source, without "..", such as ./clusters/production`,
    );
  }
  return segments;
}

/** Whether a file below a directory is read: manifests, and kustomizations, which are refused later. */
export function isWanted(path: string, directory: readonly string[]): boolean {
  const segments = path.split('/');
  const below = segments.slice(directory.length);
  const name = below.at(-1) ?? '';
  return (
    below.length > 0 &&
    directory.every((segment, index) => segments[index] === segment) &&
    below.every(isRead) &&
    (isManifest(name) || isKustomization(name))
  );
}

/**
 * Renders a tree of manifests as `render -o` renders a directory. The same tree gives the same
 * files.
 * @throws {@link Refusal} that lists every error with file, object and field
 */
export function renderTree(tree: Tree, path: string): RenderedTree {
  if (tree.size === 0) {
    throw new Refusal(
      'RenderFailed',
      `spec.path is "${path}", where the source has no file that ends in .yaml, .yml or .json`,
    );
  }
  try {
    const paths = notWritten([...tree.keys()].toSorted(byDirectory), (file) => textOf(tree, file));
    const kustomizations = paths.filter((file) => isKustomization(file.split('/').at(-1) ?? ''));
    refuseKustomizations(kustomizations, REMEDY);
    const { input, changes, problems } = run(
      readManifests(paths.map((file) => ({ path: file, text: textOf(tree, file) }))),
    );
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Refusal('RenderFailed', errors.map(formatProblem).join('\n'));
    const warnings = problems.filter(({ severity }) => severity === 'warning').map(formatProblem);
    return { files: withInventory(fileForEach(documentsOf(input, changes), warnings)), warnings };
  } catch (error) {
    if (error instanceof UsageError) throw new Refusal('RenderFailed', error.message);
    throw error;
  }
}

/**
 * The text of a file. Flux reads the artifact with go-yaml, which must find exactly the documents
 * that were checked here.
 * @throws {@link UsageError} for text that is not UTF-8, or has hidden line ends
 */
function textOf(tree: Tree, file: string): string {
  const text = decode(tree.get(file)!, file);
  const hidden = hiddenLineEnd(text);
  if (hidden !== undefined) throw new UsageError(`${file} ${hidden}`);
  return text;
}

/**
 * A file for each document. If a document cannot become a file, the error includes the warnings,
 * which say why.
 * @throws {@link UsageError}
 */
function fileForEach(documents: readonly OutputDocument[], warnings: readonly string[]): ReadonlyMap<string, string> {
  try {
    return filesOf(documents);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError([error.message, ...warnings].join('\n'));
  }
}

function withInventory(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const all = new Map([...files, [INVENTORY, kustomizationOf(files.keys())]]);
  const size = [...all.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (size <= LIMITS.RENDERED) return all;
  throw new Refusal(
    'RenderFailed',
    `the rendered manifests have ${size} bytes and must not have more than ${mebibytes(LIMITS.RENDERED)}`,
  );
}

/** The order in which directories are read: by name at each level, files and directories together. */
function byDirectory(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  const at = left.findIndex((segment, index) => segment !== right[index]);
  return (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
}
