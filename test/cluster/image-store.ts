import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { toolsFolder } from '../engines/tool.ts';
import { clusterImages } from './cluster-images.ts';
import { type ImageSpec, writeImage } from './images.ts';
import { containerdConfig } from './node-files.ts';
import { until } from './process.ts';
import type { Programs } from './programs.ts';

const call = promisify(execFile);

/** Between choosing a store and copying it, in milliseconds: a control plane is started meanwhile. */
const ABOUT_TO_COPY = 300_000;

/**
 * The folder of a containerd that has all images: what nodes begin with, since to import them takes each node longer
 * than all else. It is kept in the tools folder, beside the one before, since two worktrees may ask for different ones.
 */
export async function filledStore(programs: Programs): Promise<string> {
  const specs = clusterImages(programs);
  const stores = join(toolsFolder(), 'cluster-images');
  const store = join(stores, keyOf(specs));
  if (existsSync(store)) return used(store);
  const folder = mkdtempSync(join(tmpdir(), 'gwn-images-'));
  const containerd = startContainerd(programs, folder);
  try {
    const address = join(folder, 'socket');
    await until('containerd', 20, () => existsSync(address));
    for (const spec of specs) {
      const archive = join(folder, 'image.tar');
      writeImage(archive, spec);
      const args = ['--address', address, '--namespace', 'k8s.io', 'images', 'import', archive];
      await call(join(programs.containerd, 'ctr'), args);
    }
  } finally {
    containerd.kill('SIGTERM');
  }
  await until('the end of containerd', 20, () => containerd.exitCode !== null || containerd.signalCode !== null);
  mkdirSync(stores, { recursive: true });
  removeOldest(stores);
  const copy = `${store}.${process.pid}`;
  execFileSync('cp', ['-a', join(folder, 'root'), copy]);
  // Another process may have been quicker.
  if (existsSync(store)) rmSync(copy, { recursive: true });
  else renameSync(used(copy), store);
  rmSync(folder, { recursive: true, force: true });
  return store;
}

/** Notes that a store is used now. */
function used(store: string): string {
  utimesSync(store, new Date(), new Date());
  return store;
}

/** Removes all but the store that was used last, and those that another process may be about to copy. */
function removeOldest(folder: string): void {
  const whole = readdirSync(folder).filter((name) => !name.includes('.'));
  const stores = whole.map((name) => ({ path: join(folder, name), usedAt: lastUse(join(folder, name)) }));
  for (const { path, usedAt } of stores.toSorted((one, other) => other.usedAt - one.usedAt).slice(1)) {
    if (usedAt < Date.now() - ABOUT_TO_COPY) rmSync(path, { recursive: true, force: true });
  }
}

/** When a store was used last, in milliseconds; never where another process removes it. */
function lastUse(store: string): number {
  return statSync(store, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Gives a node its own, which shares the files that containerd never changes: all but its databases. */
export function copyStore(store: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const isNear = statSync(store).dev === statSync(dirname(folder)).dev;
  execFileSync('cp', [isNear ? '-al' : '-a', store, folder]);
  // Links in an image, such as that of /var/run, lead out of it.
  const databases = execFileSync('find', [folder, '-type', 'f', '-name', '*.db', '-printf', '%P\n'], {
    encoding: 'utf8',
  });
  for (const path of databases.split('\n').filter(Boolean)) {
    execFileSync('cp', ['--remove-destination', join(store, path), join(folder, path)]);
  }
}

function startContainerd({ containerd }: Programs, folder: string) {
  const config = join(folder, 'containerd.toml');
  writeFileSync(config, containerdConfig());
  const places = ['root', 'state'].flatMap((name) => [`--${name}`, join(folder, name)]);
  const args = ['--config', config, '--address', join(folder, 'socket'), ...places];
  return spawn('unshare', ['-m', join(containerd, 'containerd'), ...args], { stdio: 'ignore' });
}

/** What a change of any of the files changes. */
function keyOf(specs: readonly ImageSpec[]): string {
  const hash = createHash('sha256');
  for (const spec of specs) {
    hash.update(JSON.stringify(spec));
    for (const file of [...Object.values(spec.files), ...(spec.base === undefined ? [] : [spec.base])]) {
      for (const path of statSync(file).isDirectory() ? readdirSync(file).map((name) => join(file, name)) : [file]) {
        const { size, mtimeMs } = statSync(path);
        hash.update(`${path} ${size} ${mtimeMs}\n`);
      }
    }
  }
  return hash.digest('hex').slice(0, 12);
}
