import { isFields } from '../yaml/fields.ts';
import { posix } from 'node:path';
import { ItemUnreadable, valueOf } from '../krm/item.ts';
import { readFiles } from '../krm/read.ts';
import { HEADER, INVENTORY } from './inventory-file.ts';
import { UsageError } from './usage-error.ts';

/** The path of a file that `render -o` writes for an object: at most one directory, and `KIND_NAME.yaml`. */
const OURS = /^(?:[\w-][\w.-]*\/)?[\w-][\w.-]*_[\w.-]+\.yaml$/;

/**
 * The files that an inventory of `render -o` lists, by their paths relative to it; undefined for
 * another text.
 * @throws {@link UsageError} if the inventory was edited. The edit would be lost, or name other
 * files to remove
 */
export function writtenBy(text: string, file: string): readonly string[] | undefined {
  if (!text.startsWith(HEADER)) return undefined;
  const { resources, ...others } = fieldsOf(file, text);
  const listed: readonly unknown[] = resources === undefined || resources === null ? [] : [resources].flat();
  const foreign = listed.find((path) => typeof path !== 'string' || !OURS.test(path));
  if (foreign !== undefined) throw edited(file, `lists ${JSON.stringify(foreign)}, which is not one of its files`);
  const [added] = Object.keys(others).filter((key) => key !== 'apiVersion' && key !== 'kind');
  if (added !== undefined) throw edited(file, `has \`${added}\``);
  return listed as readonly string[];
}

/**
 * The paths of files that `render -o` did not write: neither its inventories nor the files that
 * they list.
 * @throws {@link UsageError} as {@link writtenBy} does
 */
export function notWritten(paths: readonly string[], textOf: (path: string) => string): readonly string[] {
  const written = new Set<string>();
  for (const path of paths) {
    if (posix.basename(path) !== INVENTORY) continue;
    const listed = writtenBy(textOf(path), path);
    if (listed === undefined) continue;
    for (const name of [INVENTORY, ...listed]) written.add(posix.join(posix.dirname(path), name));
  }
  return written.size === 0 ? paths : paths.filter((path) => !written.has(path));
}

function fieldsOf(file: string, text: string): Readonly<Record<string, unknown>> {
  const { input, problems } = readFiles([{ path: file, text }]);
  const [item, ...others] = input.items;
  if (problems.length > 0) throw edited(file, 'is no YAML any more');
  const value = item === undefined || others.length > 0 ? undefined : readable(item, file);
  if (!isFields(value)) throw edited(file, 'is not an object');
  return value;
}

function readable(item: Parameters<typeof valueOf>[0], file: string): unknown {
  try {
    return valueOf(item);
  } catch (error) {
    if (!(error instanceof ItemUnreadable)) throw error;
    throw edited(file, 'is no YAML any more');
  }
}

function edited(file: string, what: string): UsageError {
  return new UsageError(
    `${file} was written by \`render -o\`, and was edited: it ${what}. Undo that, and patch the objects from a kustomization in another directory that lists this one`,
  );
}
