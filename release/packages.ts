import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './project.ts';

/** A package of npm, as package-lock.json pins it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Of its archive, such as `sha512-…`. */
  readonly integrity: string;
  /** By SPDX; absent where the package names none. */
  readonly license?: string;
}

type Lock = { readonly packages: Readonly<Record<string, Omit<LockedPackage, 'name'>>> };

/** A package by its folder in `node_modules`, such as `@oven/bun-linux-x64`. Throws where the lock has none. */
export function locked(folder: string): LockedPackage {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const found = packages[`node_modules/${folder}`];
  if (found === undefined) throw new Error(`package-lock.json has no ${folder}`);
  return { ...found, name: folder.replace(/^.*node_modules\//, '') };
}
