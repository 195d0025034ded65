import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ArchivedFile } from './archive.ts';
import { ROOT } from './project.ts';

/** What `deploy` applies, with the definitions of our kinds that its folders name: `kubectl apply -k` finds them. */
export function manifests(): ReadonlyMap<string, ArchivedFile> {
  const paths = ['LICENSE', ...globSync(['deploy/**/*.yaml', 'schemas/*.yaml'], { cwd: ROOT })];
  return new Map(paths.map((path) => [path, { bytes: readFileSync(join(ROOT, path)), executable: false }]));
}

/** What is packed beside an executable: the licence, and a network to render first. */
export function besideExecutable(): ReadonlyMap<string, ArchivedFile> {
  return new Map(
    Object.entries({ LICENSE: 'LICENSE', 'gateway-network.yaml': 'examples/multi-node/gateway-network.yaml' }).map(
      ([name, path]) => [name, { bytes: readFileSync(join(ROOT, path)), executable: false }],
    ),
  );
}
