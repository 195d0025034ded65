import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { parse, stringify } from 'yaml';
import type { OutputDocument } from '../krm/write.ts';
import { UsageError } from './exit.ts';

const HEADER = '# Written by gateway-network-fn render; it lists the files that the next run replaces or removes.\n';
const INVENTORY = 'kustomization.yaml';

/**
 * Writes a file for each document, `NAMESPACE/KIND_NAME.yaml`, and a kustomization.yaml that lists them: the inventory by which the
 * next run removes what is no longer wanted, and nothing else. Throws UsageError where that file is not ours.
 */
export function writeDirectory(directory: string, documents: readonly OutputDocument[]): void {
  const inventory = join(directory, INVENTORY);
  const before = existsSync(inventory) ? readInventory(inventory) : [];
  const files = filesOf(documents);
  for (const [path, text] of files) {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  for (const path of before) if (!files.has(path)) rmSync(join(directory, path), { force: true });
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [...files.keys()],
  };
  writeFileSync(inventory, HEADER + stringify(kustomization, { compat: 'yaml-1.1', lineWidth: 0 }));
}

function readInventory(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  if (!text.startsWith(HEADER))
    throw new UsageError(`${file} was not written by this command and will not be overwritten`);
  const { resources } = parse(text) as { resources: readonly string[] };
  return resources.filter((path) => !isAbsolute(path) && !normalize(path).startsWith('..'));
}

/** The documents by path; kinds that share a name are told apart by their API group. */
function filesOf(documents: readonly OutputDocument[]): ReadonlyMap<string, string> {
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
