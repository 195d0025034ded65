import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { parse } from 'yaml';
import type { OutputDocument } from '../krm/write.ts';
import { filesOf, HEADER, INVENTORY, kustomizationOf } from './directory-files.ts';
import { UsageError } from './exit.ts';

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
  writeFileSync(inventory, kustomizationOf(files.keys()));
}

function readInventory(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  if (!text.startsWith(HEADER))
    throw new UsageError(`${file} was not written by this command and will not be overwritten`);
  const { resources } = parse(text) as { resources: readonly string[] };
  return resources.filter((path) => !isAbsolute(path) && !normalize(path).startsWith('..'));
}
