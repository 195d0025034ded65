import { join } from 'node:path';
import { stringify } from 'yaml';
import type { OutputDocument } from '../krm/write.ts';
import { UsageError } from './exit.ts';

/** The first line of a {@link kustomizationOf}, by which the next run knows it. */
export const HEADER =
  '# Written by gateway-network-fn render; it lists the files that the next run replaces or removes.\n';
/** The name of the file that lists the others. */
export const INVENTORY = 'kustomization.yaml';

/** A kustomization.yaml that lists files. */
export function kustomizationOf(paths: Iterable<string>): string {
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [...paths],
  };
  return HEADER + stringify(kustomization, { compat: 'yaml-1.1', lineWidth: 0 });
}

/**
 * The documents by path, `NAMESPACE/KIND_NAME.yaml`; kinds that share a name are told apart by their API group. Throws UsageError
 * for a document that is no object, or is there twice.
 */
export function filesOf(documents: readonly OutputDocument[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { identity, text } of documents) {
    if (identity === undefined) throw new UsageError('every document must be a Kubernetes object to become a file');
    const { apiVersion, kind, namespace, name } = identity;
    const [plain, grouped] = [kind, `${kind}.${apiVersion.split('/')[0]}`].map((prefix) =>
      join(fileName(namespace), `${fileName(prefix.toLowerCase())}_${fileName(name)}.yaml`),
    );
    const path = plain !== undefined && !files.has(plain) ? plain : grouped;
    if (path === undefined || files.has(path)) throw new UsageError(`${kind} "${name}" is there twice in the output`);
    files.set(path, text);
  }
  return files;
}

/** A name as a part of a path that leads nowhere else. */
function fileName(text: string): string {
  return text.replaceAll(/[^\w.-]/g, '_').replace(/^\.+/, '_');
}
