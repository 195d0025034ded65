import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locked } from '../packages.ts';
import { ROOT } from '../project.ts';
import type { Component } from './document.ts';

/** The packages of npm in programs that `npm run build` has made, such as `cluster.mjs`. */
export function bundled(...programs: readonly string[]): readonly Component[] {
  const folders = programs.flatMap(
    (program) => JSON.parse(readFileSync(join(ROOT, `dist/packages/${program}.json`), 'utf8')) as readonly string[],
  );
  return [...new Set(folders)].map(npm);
}

/** A package of npm, by its folder in `node_modules`: also the runtimes are ones. */
export function npm(folder: string): Component {
  const { name, version, license } = locked(folder);
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { name, version, purl, ...(license !== undefined && { license }) };
}

/**
 * The packages of a Debian system.
 *
 * @param status what its /var/lib/dpkg/status has
 * @param release its /etc/os-release
 */
export function debian(status: string, release: string): readonly Component[] {
  const distro = `debian-${/^VERSION_ID="?([\d.]+)/m.exec(release)?.[1] ?? 'unknown'}`;
  return status
    .split('\n\n')
    .filter((entry) => /^Status: .* installed$/m.test(entry))
    .map((entry) => {
      const [name, version, cpu] = ['Package', 'Version', 'Architecture'].map((key) => field(entry, key));
      const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version as string)}?arch=${cpu}&distro=${distro}`;
      return { name: name as string, version: version as string, purl };
    });
}

function field(entry: string, key: string): string {
  const found = new RegExp(`^${key}: (.*)$`, 'm').exec(entry)?.[1];
  if (found === undefined) throw new Error(`an entry of dpkg's status has no ${key}: ${entry.slice(0, 80)}`);
  return found;
}
