import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutSignature } from './mach-o.ts';
import { locked } from './packages.ts';
import { ROOT } from './project.ts';

/** A platform that has an executable. */
export interface Platform {
  /** As `$(uname -s)-$(uname -m)` prints it there, so that a line of a page fits all of them. */
  readonly name: string;
  /** As Bun calls it. */
  readonly target: string;
  /** The package of its Bun. */
  readonly bun: string;
}

export const PLATFORMS: readonly Platform[] = [
  { name: 'Linux-x86_64', target: 'linux-x64', bun: '@oven/bun-linux-x64' },
  { name: 'Linux-aarch64', target: 'linux-arm64', bun: '@oven/bun-linux-aarch64' },
  { name: 'Darwin-x86_64', target: 'darwin-x64', bun: '@oven/bun-darwin-x64' },
  { name: 'Darwin-arm64', target: 'darwin-arm64', bun: '@oven/bun-darwin-aarch64' },
];

/**
 * Compiles the bundle in `dist` for a platform, with its Bun of the version and digest in package-lock.json.
 *
 * @param scratch a folder for what is downloaded and made
 * @returns the path of the executable
 */
export function executable({ target, bun }: Platform, scratch: string): string {
  const file = join(scratch, target, 'gateway-network-fn');
  mkdirSync(join(scratch, target), { recursive: true });
  execFileSync(process.execPath, [join(ROOT, 'build-executable.mjs'), target, bunOf(bun, scratch), file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (target === 'darwin-x64') writeFileSync(file, withoutSignature(readFileSync(file)));
  return file;
}

/** The path of a Bun: npm installs only that of this machine, so the others are fetched by npm as it would. */
function bunOf(name: string, scratch: string): string {
  const installed = join(ROOT, 'node_modules', name, 'bin/bun');
  if (existsSync(installed)) return installed;
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  const { version, integrity } = locked(name);
  execFileSync('npm', ['pack', '--silent', '--prefer-offline', '--pack-destination', folder, `${name}@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const archive = join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '');
  const digest = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (digest !== integrity) throw new Error(`${name} ${version} has the digest ${digest}, not ${integrity}`);
  execFileSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=1']);
  return join(folder, 'bin/bun');
}
