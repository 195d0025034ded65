import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Cluster } from './bed/cluster.ts';
import { type Image, PROGRAMS } from './bed/image.ts';
import type { Manifests } from './bed/manifests.ts';

/**
 * Gives the routers other programs, to show what would come of that: replaces what a pattern finds in them. Throws
 * where there is nothing.
 *
 * @param images of the cluster
 */
export function withPrograms(
  cluster: Cluster,
  images: Record<string, Image>,
  pattern: RegExp,
  replacement: string,
): (manifests: Manifests) => Manifests {
  return (manifests) => {
    const source = mkdtempSync(`${cluster.directory}/programs-`);
    cpSync(PROGRAMS.source, source, { recursive: true });
    const files = readdirSync(source).map((name) => `${source}/${name}`);
    const changed = files.filter((file) => pattern.test(readFileSync(file, 'utf8')));
    if (changed.length === 0) throw new Error(`nothing matches ${String(pattern)}`);
    for (const file of changed) writeFileSync(file, readFileSync(file, 'utf8').replace(pattern, replacement));
    for (const { spec } of manifests.deployments) {
      for (const { name, image } of spec?.template.spec?.containers ?? []) {
        if (name !== 'router' || image === undefined) continue;
        images[image] = { rootfs: cluster.rootfs, mounts: [{ ...PROGRAMS, source }] };
      }
    }
    return manifests;
  };
}
