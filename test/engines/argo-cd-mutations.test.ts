import { once } from 'node:events';
import { mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkoutAt } from '../../fn/commands/argocd/checkout.ts';
import { withCopy } from '../../fn/commands/argocd/copy.ts';
import { copyOf } from '../../fn/commands/argocd/kustomization.ts';
import { kustomizeBuild } from '../../fn/commands/argocd/kustomize.ts';
import { UsageError } from '../../fn/files/usage-error.ts';
import { type Forbidden, type Mutation, mutationOf } from './argo-cd-mutations.ts';
import { type Sidecar, sidecarWith } from './cmp-server.ts';
import { describeWith } from './describe-tools.ts';
import { folderOf } from './folder.ts';
import { kustomizes } from './tool.ts';

const COUNT = 1000;
/** What stands in everything that must not be read. */
const SECRET = 'sentinel-4f1d';

/** What the plugin does with a kustomization, in this process: what kustomize prints or says. */
async function built(repository: string): Promise<{ readonly refused?: string; readonly printed?: string }> {
  const checkout = checkoutAt(repository);
  const copy = copyOf(checkout, join(repository, 'app'));
  if ('problems' in copy) return { refused: copy.problems.map(({ message }) => message).join('\n') };
  try {
    return { printed: await withCopy(checkout, copy, (folder) => kustomizeBuild(folder, 'app')) };
  } catch (error) {
    if (error instanceof UsageError) return { printed: error.message };
    throw error;
  }
}

const newest = kustomizes().at(-1) ?? { title: 'kustomize' };
describeWith([{ ...newest, title: `${newest.title} and hidden names` }], (kustomize) => {
  let sidecar: Sidecar & { readonly remove: () => void };
  const path = process.env['PATH'];
  beforeAll(() => {
    sidecar = sidecarWith(kustomize);
    process.env['PATH'] = sidecar.programs;
  });
  afterAll(() => {
    process.env['PATH'] = path;
    sidecar.remove();
  });

  test(`${COUNT} mutations of kustomizations have nothing read that must not be`, { timeout: 300_000 }, async () => {
    const asked = new Set<string>();
    const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${SECRET}}\n`;
    const server = createServer((request, response) => {
      asked.add(String(request.url));
      response.end(manifest);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const top = folderOf({});
    const faults: string[] = [];
    const tally = { refused: 0, printed: 0 };
    const attempt = async (seed: number): Promise<void> => {
      const outside = join(top, String(seed), 'outside');
      const forbidden: Forbidden = {
        address: `http://127.0.0.1:${port}`,
        file: join(outside, 'secret.yaml'),
        directory: outside,
      };
      const mutation = mutationOf(seed, forbidden);
      const repository = join(top, String(seed), 'repository');
      write(repository, mutation);
      const traps = ['secret.yaml', 'kustomization.yaml'].map((name) => join(outside, name));
      write(outside, {
        files: { 'secret.yaml': manifest, 'kustomization.yaml': `namePrefix: ${SECRET}-\nresources: [secret.yaml]\n` },
        links: {},
      });
      // Older than the last change, so that a read is noted also where the file system notes one a day (relatime).
      for (const trap of traps) utimesSync(trap, 0, new Date());
      const { refused, printed } = await built(repository);
      tally[refused === undefined ? 'printed' : 'refused'] += 1;
      const isRead = traps.some((trap) => statSync(trap).atimeMs > 0);
      const isShown = `${refused} ${printed}`.includes(SECRET);
      if (isRead || isShown || asked.size > 0)
        faults.push(
          `${mutation.name}: ${JSON.stringify({ isRead, isShown, asked: [...asked], files: mutation.files })}`,
        );
      asked.clear();
      rmSync(join(top, String(seed)), { recursive: true });
    };
    for (let seed = 1; seed <= COUNT; seed += 1) await attempt(seed);
    server.close();
    expect(faults).toEqual([]);
    // Neither all refused nor all built: what is hidden meets the check, and the check leaves a lot to kustomize.
    expect(tally.refused).toBeGreaterThan(COUNT / 4);
    expect(tally.printed).toBeGreaterThan(COUNT / 25);
  });
});

function write(folder: string, { files, links }: Pick<Mutation, 'files' | 'links'>): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(target, join(folder, path));
  }
}
