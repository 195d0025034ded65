import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { digestOf, type Archive } from './archive.ts';

/** The directory of the archives in the store and in URLs: Flux's layout for external artifacts. */
const ROOT = 'externalartifact';
const SCRATCH = 'scratch';
const SUFFIX = '.tar.gz';
/** `externalartifact/NAMESPACE/NAME/DIGEST.tar.gz`. Names of Kubernetes cannot lead to another directory. */
const PATH = /^externalartifact\/[a-z0-9][-a-z0-9]*\/[a-z0-9][-a-z0-9.]*\/[0-9a-f]{64}\.tar\.gz$/;

/** The published archives, in files. Objects are named by their key, `NAMESPACE/NAME`. */
export interface Store {
  /** Whether an archive is stored with the right content. */
  readonly has: (key: string, digest: string) => Promise<boolean>;
  /** Writes an archive completely, or not at all. */
  readonly put: (key: string, archive: Archive) => Promise<void>;
  /**
   * Removes the archives of an object, except the given one and the newest of the others, which a
   * consumer may still be reading.
   */
  readonly prune: (key: string, digest: string) => Promise<void>;
  /** Removes all archives of an object. */
  readonly remove: (key: string) => Promise<void>;
  /** Removes everything that does not belong to one of the objects. */
  readonly retain: (keys: ReadonlySet<string>) => Promise<void>;
  /** An archive by the path of its URL; undefined if it does not exist. */
  readonly read: (path: string) => Promise<{ readonly size: number; readonly stream: () => ReadStream } | undefined>;
  /** Calls a function with the name of a new file, and removes the file afterwards. */
  readonly withScratch: <T>(use: (file: string) => Promise<T>) => Promise<T>;
}

/** The path of an archive, in the store and in its URL. */
export function pathOf(key: string, digest: string): string {
  return `${ROOT}/${key}/${digest.replace(/^sha256:/, '')}${SUFFIX}`;
}

/** Opens the store in a directory, and removes what an earlier process left incomplete. */
export async function openStore(directory: string): Promise<Store> {
  const scratch = join(directory, SCRATCH);
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  await mkdir(join(directory, ROOT), { recursive: true });
  const folder = (key: string) => join(directory, ROOT, key);

  return {
    has: async (key, digest) => {
      const bytes = await ifThere(readFile(join(directory, pathOf(key, digest))));
      return bytes !== undefined && digestOf(bytes) === digest;
    },

    put: async (key, { bytes, digest }) => {
      const [whole, part] = [join(directory, pathOf(key, digest)), join(scratch, randomUUID())];
      const file = await open(part, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await mkdir(dirname(whole), { recursive: true });
      await rename(part, whole);
    },

    prune: async (key, digest) => {
      const kept = `${digest.replace(/^sha256:/, '')}${SUFFIX}`;
      const others = (await namesIn(folder(key))).filter((name) => name !== kept);
      const aged = await Promise.all(
        others.map(async (name) => ({ name, ...(await ifThere(stat(join(folder(key), name)))) })),
      );
      const old = aged.toSorted((a, b) => (b.mtimeMs ?? 0) - (a.mtimeMs ?? 0)).slice(1);
      await Promise.all(old.map(({ name }) => rm(join(folder(key), name), { force: true })));
    },

    remove: (key) => rm(folder(key), { recursive: true, force: true }),

    retain: async (keys) => {
      for (const namespace of await namesIn(join(directory, ROOT))) {
        const names = await namesIn(folder(namespace));
        const orphans = names.filter((name) => !keys.has(`${namespace}/${name}`));
        for (const name of orphans) await rm(join(folder(namespace), name), { recursive: true, force: true });
        if (orphans.length === names.length) await rm(folder(namespace), { recursive: true, force: true });
      }
    },

    read: async (path) => {
      if (!PATH.test(path)) return undefined;
      const file = join(directory, path);
      const found = await ifThere(stat(file));
      return found?.isFile() ? { size: found.size, stream: () => createReadStream(file) } : undefined;
    },

    withScratch: async (use) => {
      const file = join(scratch, randomUUID());
      try {
        return await use(file);
      } finally {
        await rm(file, { force: true });
      }
    },
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await ifThere(readdir(folder))) ?? [];
}

async function ifThere<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR')
      return undefined;
    throw error;
  }
}
