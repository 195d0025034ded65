import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { documentsOf } from '../engines/documents.ts';
import type { ClusterObject } from './apply.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');

/** Workloads of other projects, to which only an annotation is added; nothing here serves them. */
const FOREIGN: ReadonlySet<string> = new Set(['Rollout', 'LeaderWorkerSet']);

/** Every example, with the documents that become objects of a cluster, namespaces first. */
export const EXAMPLES_RENDERED: readonly (readonly [string, readonly string[]])[] = readdirSync(EXAMPLES).map(
  (name) => [name, renderedOf(name)],
);

/**
 * What an example renders is what is expected of it: test/golden and test/engines hold the two
 * together, byte by byte.
 */
function renderedOf(example: string): readonly string[] {
  const folder = join(EXAMPLES, example, '.expected');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(yaml|txt)$/.test(path))
    .flatMap((path) => filesOf(readFileSync(join(folder, path), 'utf8')))
    .flatMap(documentsOf)
    .map((text) => ({ text, object: parse(text) as ClusterObject }))
    .filter(({ object }) => isApplied(object))
    .toSorted((a, b) => Number(b.object.kind === 'Namespace') - Number(a.object.kind === 'Namespace'))
    .map(({ text }) => text);
}

/** The files of a package that is written down as one text. */
function filesOf(text: string): readonly string[] {
  return text.split(/^==> .*\n/m);
}

/** Not the configuration of engines, and not what they keep from the cluster. */
function isApplied({ apiVersion, kind, metadata }: ClusterObject): boolean {
  if (apiVersion.startsWith('kustomize.config.k8s.io/') || FOREIGN.has(kind)) return false;
  return (metadata.annotations?.['config.kubernetes.io/local-config'] ?? 'false') === 'false';
}
