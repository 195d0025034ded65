import { join } from 'node:path';
import { stringify } from 'yaml';
import { fileOf, type Identity, type Item } from '../krm/item.ts';
import type { OutputDocument } from '../krm/write.ts';
import { HEADER } from './inventory-file.ts';
import { UsageError } from './usage-error.ts';

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
 * The documents by path, `NAMESPACE/KIND_NAME.yaml`. If two kinds of the same name differ in their
 * API group, the path contains the group.
 * @throws {@link UsageError} for a document that is not an object with a name, or is defined twice
 */
export function filesOf(documents: readonly OutputDocument[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const places = new Map<string, string>();
  for (const { identity, item, text } of documents) {
    const place = placeOf(item);
    if (identity === undefined)
      throw new UsageError(`${place} must be a Kubernetes object, with \`apiVersion\` and \`kind\`, to become a file`);
    const { kind, name } = identity;
    if (name === '')
      throw new UsageError(
        `${place} must have a \`metadata.name\` to become a file: kustomize, which reads the list of the files, refuses an object without one, with \`generateName\` as well`,
      );
    const [plain, grouped] = pathsOf(identity);
    const path = plain !== undefined && !files.has(plain) ? plain : grouped;
    if (path === undefined || files.has(path)) {
      const others = [places.get(plain ?? ''), places.get(path ?? '')].filter((other) => other !== undefined);
      throw new UsageError(
        `${kind} "${name}" is defined twice in the output: ${[...new Set([...others, place])].join(', ')}`,
      );
    }
    files.set(path, text);
    places.set(path, place);
  }
  return files;
}

/** The possible paths of an object's file. The first one that is free is used. */
export function pathsOf({ apiVersion, kind, namespace, name }: Identity): readonly string[] {
  return [kind, `${kind}.${apiVersion.split('/')[0]}`].map((prefix) =>
    join(fileName(namespace), `${fileName(prefix.toLowerCase())}_${fileName(name)}.yaml`),
  );
}

/** The place of a document, for messages. */
function placeOf(item: Item | undefined): string {
  if (item === undefined) return 'what is rendered';
  const file = fileOf(item);
  return file === undefined ? `document ${item.index + 1} of the input` : `${file.path}, document ${file.index + 1}`;
}

/** A name as a part of a path, without characters that lead to another directory. */
function fileName(text: string): string {
  return text.replaceAll(/[^\w.-]/g, '_').replace(/^\.+/, '_');
}
