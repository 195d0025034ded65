import * as os from 'qjs:os';
import * as std from 'qjs:std';

/**
 * The text of a file, those of /proc and /sys included, or nothing where it cannot be read. Bytes that are no UTF-8 are
 * replaced. Never waits: a FIFO is no file here.
 */
export function readFile(path: string): string | undefined {
  if (isOf(path, os.S_IFIFO)) return undefined;
  const file = std.open(path, 'r');
  if (file === null) return undefined;
  const text = file.readAsString();
  file.close();
  return text;
}

/** The first line of a file without its end, or nothing where there is none. */
export function readLine(path: string): string | undefined {
  return readFile(path)?.split('\n')[0];
}

/**
 * Replaces a file in one moment: whoever reads it finds the old text or the new one.
 *
 * @returns whether that could be done
 */
export function replaceFile(path: string, text: string): boolean {
  const file = std.open(`${path}.new`, 'w');
  if (file === null) return false;
  file.puts(text);
  return file.close() === 0 && os.rename(`${path}.new`, path) === 0;
}

export function exists(path: string): boolean {
  return os.stat(path)[1] === 0;
}

export function isFolder(path: string): boolean {
  return isOf(path, os.S_IFDIR);
}

export function isFifo(path: string): boolean {
  return isOf(path, os.S_IFIFO);
}

export function isDevice(path: string): boolean {
  return isOf(path, os.S_IFCHR);
}

function isOf(path: string, type: number): boolean {
  const [status, error] = os.stat(path);
  return error === 0 && (status.mode & os.S_IFMT) === type;
}

/** When a file was last written, in milliseconds since the epoch; nothing where there is none. */
export function modifiedAt(path: string): number | undefined {
  const [status, error] = os.stat(path);
  return error === 0 ? status.mtime : undefined;
}

/** What tells that a file was written again: when, and its size. Nothing where there is none. */
export function stampOf(path: string): string | undefined {
  const [status, error] = os.stat(path);
  return error === 0 ? `${status.mtime} ${status.size}` : undefined;
}

/** The names in a folder in alphabetical order; none where it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  const [names, error] = os.readdir(folder);
  return error === 0 ? names.filter((name) => name !== '.' && name !== '..').toSorted() : [];
}

/** Where a path leads when all links are followed; the path itself where it leads nowhere. */
export function target(path: string): string {
  const [found, error] = os.realpath(path);
  return error === 0 ? found : path;
}

/** Makes a folder and those that it is in, as far as they are missing. */
export function makeFolder(path: string): void {
  const parts = path.split('/');
  for (let length = 2; length <= parts.length; length += 1) os.mkdir(parts.slice(0, length).join('/'));
}

/** Removes a file, or a folder and all that is in it. What is not there is left alone. */
export function removeAll(path: string): void {
  // A link is removed, and what it leads to stays.
  if (os.remove(path) === 0 || !isFolder(path)) return;
  for (const name of namesIn(path)) removeAll(`${path}/${name}`);
  os.remove(path);
}
