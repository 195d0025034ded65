import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A new folder that goes away with the running test, holding the given files by their relative paths. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-network-fn-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A copy of an example without what is expected of it, in a folder that goes away with the running test. */
export function copyOfExample(name: string): string {
  const folder = folderOf({});
  const example = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  cpSync(example, folder, { recursive: true, filter: (path) => basename(path) !== '.expected' });
  return folder;
}

/** The files below a folder, by their relative paths in order. */
export function filesIn(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .toSorted();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** One digest for all names and bytes below a folder. */
export function digestOf(folder: string): string {
  return createHash('sha256')
    .update(JSON.stringify([...filesIn(folder)]))
    .digest('hex');
}
