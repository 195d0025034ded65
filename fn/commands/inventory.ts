import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isRecord } from '../krm/identity.ts';
import { LIMITS } from '../yaml/limits.ts';
import { attempt } from './attempt.ts';
import { HEADER, INVENTORY } from '../files/directory-files.ts';
import { UsageError } from '../files/usage-error.ts';

/** The path of a file that is written for an object: at most one directory, and `KIND_NAME.yaml`. */
const OURS = /^(?:[\w-][\w.-]*\/)?[\w-][\w.-]*_[\w.-]+\.yaml$/;

/**
 * The files that a run has written to a directory, by their paths in it; nothing where none has. Throws UsageError for an inventory
 * that says something else than such a run writes: it would be lost, or be taken for a list of files that may be removed.
 */
export function inventoryIn(directory: string): readonly string[] | undefined {
  const file = join(directory, INVENTORY);
  const text = attempt(() => {
    if (!existsSync(file)) return undefined;
    const stat = statSync(file);
    return stat.isFile() && stat.size <= LIMITS.OBJECT ? readFileSync(file, 'utf8') : undefined;
  });
  if (text === undefined || !text.startsWith(HEADER)) return undefined;
  const { resources, ...others } = valueOf(file, text);
  const listed: readonly unknown[] = resources === undefined || resources === null ? [] : [resources].flat();
  const foreign = listed.find((path) => typeof path !== 'string' || !OURS.test(path));
  if (foreign !== undefined) throw edited(file, `lists ${JSON.stringify(foreign)}, which is none of its files`);
  const [added] = Object.keys(others).filter((key) => key !== 'apiVersion' && key !== 'kind');
  if (added !== undefined) throw edited(file, `has \`${added}\``);
  return listed as readonly string[];
}

/** Throws UsageError where something else than a directory has the name of one that is to be written. */
export function requireDirectory(path: string): void {
  if (existsSync(path) && !statSync(path).isDirectory())
    throw new UsageError(`${path} is a file, and -o must name a directory`);
}

/** The same files by their real paths. */
export function writtenIn(directory: string): readonly string[] {
  return (inventoryIn(directory) ?? []).map((path) => join(realpathSync(directory), path));
}

/** The path of a file or directory without links; that of anything else, such as a pipe of the shell, as it is. */
export function realPathOf(path: string): string {
  const stat = statSync(path);
  return stat.isFile() || stat.isDirectory() ? realpathSync(path) : path;
}

function valueOf(file: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    throw edited(file, 'is no YAML any more');
  }
  if (!isRecord(value)) throw edited(file, 'is no object any more');
  return value;
}

function edited(file: string, what: string): UsageError {
  return new UsageError(
    `${file} was written by this command, and was edited: it ${what}. Take that out, and patch the objects from a kustomization in another directory that lists this one`,
  );
}
