import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kustomizes } from '../engines/tool.ts';
import { type Command, measure } from './measure.ts';
import type { Row } from './table.ts';
import { foreign } from './workload.ts';

/** How many foreign Deployments an application with a kustomization has beside the example. */
const COUNTS = [0, 100, 500];

/**
 * The plugin in directories of examples/argo-cd, beside `kustomize build` alone where that takes
 * part. `folder` is filled.
 */
export function plugin(root: string, folder: string): readonly Row[] {
  const tool = kustomizes().at(-1);
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  symlinkSync(join(root, 'dist/gateway-network-fn'), join(programs, 'gateway-network-fn'));
  symlinkSync(tool?.path ?? '', join(programs, 'kustomize'));
  const run = (repository: string, path: string, ...args: string[]): Command => ({
    program: 'env',
    args: [`PATH=${programs}`, `ARGOCD_APP_SOURCE_PATH=${path}`, ...args],
    cwd: join(repository, path),
  });
  const command = ['gateway-network-fn', 'argocd'];
  const example = join(root, 'examples/argo-cd');
  const { plain } = measure({ plain: run(example, 'plain', ...command) }, 21);
  const rows: Row[] = [
    { what: '`examples/argo-cd/plain`', ...plain, target: 'at most 0.15 s', met: plain.seconds <= 0.15 },
  ];
  for (const count of COUNTS) {
    const repository = join(folder, `repository-${count}`);
    cpSync(example, repository, { recursive: true });
    if (count > 0) {
      writeFileSync(join(repository, 'base/apps.yaml'), foreign(count));
      const kustomization = 'resources: [namespaces.yaml, gateway-network.yaml, client.yaml, apps.yaml]\n';
      writeFileSync(join(repository, 'base/kustomization.yaml'), kustomization);
    }
    const { own, rival } = measure(
      { own: run(repository, 'production', ...command), rival: run(repository, 'production', 'kustomize', 'build') },
      count > 100 ? 7 : 21,
    );
    const ratio = own.seconds / rival.seconds;
    const what = count === 0 ? '`examples/argo-cd/production`' : `the same with ${count} Deployments`;
    rows.push({ what, ...own, ratio, target: 'at most 1.3 times', met: ratio <= 1.3 });
    rows.push({ what: `${tool?.title ?? 'kustomize'}: build of it alone`, ...rival });
  }
  return rows;
}
