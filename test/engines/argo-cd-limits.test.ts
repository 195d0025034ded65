import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BASE, type Files, kustomization, NETWORK, refusalOf, repositoryOf } from './argo-cd-application.ts';
import { type Sidecar, sidecarWith } from './cmp-server.ts';
import { describeWith } from './describe-tools.ts';
import { folderOf } from './folder.ts';
import { command, kustomizes } from './tool.ts';

/** Each level names the one above nine times: 9^12 nodes when all aliases are followed. */
const BOMB = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\ndata0: &d0 [${'x,'.repeat(9)}]\n${Array.from(
  { length: 11 },
  (_, level) => `data${level + 1}: &d${level + 1} [${`*d${level},`.repeat(9)}]\n`,
).join('')}`;
const LARGE = `${NETWORK}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: large}\ndata:\n  a: "${'x'.repeat(50 * 1024 * 1024)}"\n`;

const newest = kustomizes().at(-1) ?? { title: 'kustomize' };
describeWith(
  [{ ...newest, title: `${newest.title} and the plugin's limits` }, command('time')],
  (kustomize, time = '') => {
    let sidecar: Sidecar & { readonly remove: () => void };
    beforeAll(() => {
      sidecar = sidecarWith(kustomize);
    });
    afterAll(() => sidecar.remove());

    const refusal = (files: Files) => refusalOf(sidecar, time, files);

    test.each([
      ['a YAML bomb', { ...BASE, 'app/bomb.yaml': BOMB }, /app\/bomb\.yaml.*(alias|Excessive)/],
      [
        'a resource that is one',
        { ...kustomization('resources: [gateway-network.yaml, bomb.yaml]\n'), 'app/bomb.yaml': BOMB },
        /app\/bomb\.yaml.*(alias|Excessive)/,
      ],
      [
        'a kustomization that is one',
        { ...BASE, 'app/kustomization.yaml': BOMB },
        /app\/kustomization\.yaml.*(alias|Excessive)/,
      ],
      [
        'a patch that is one',
        { ...kustomization('patches: [{path: bomb.yaml, target: {kind: ConfigMap}}]\n'), 'app/bomb.yaml': BOMB },
        /app\/bomb\.yaml|alias|Excessive/,
      ],
      [
        'brackets without end',
        { ...BASE, 'app/deep.yaml': `apiVersion: v1\nkind: ConfigMap\na: ${'['.repeat(1_000_000)}` },
        /app\/deep\.yaml/,
      ],
      ['a document of 50 MB', { 'app/large.yaml': LARGE }, /app\/large\.yaml, has 50 MiB/],
      [
        'a resource of 50 MB',
        { 'app/kustomization.yaml': 'resources: [large.yaml]\n', 'app/large.yaml': LARGE },
        /app\/large\.yaml, has 50 MiB/,
      ],
      [
        'a generated file of 50 MB',
        { ...kustomization('configMapGenerator: [{name: a, files: [k=large.bin]}]\n'), 'app/large.bin': LARGE },
        /app\/large\.bin, has 50 MiB/,
      ],
    ])('%s', (_, files, message) => {
      expect(refusal(files as Files)).toMatch(message);
    });

    test.each([
      [
        'uses too much memory',
        '/usr/bin/tail /dev/zero',
        /^error: kustomize build used more than 1024 MiB of memory, and was stopped/,
      ],
      ['prints too much', '/bin/cat /dev/zero', /^error: kustomize build printed more than 32 MiB, and was stopped/],
      ['does not end', '/bin/sleep 100', /^error: kustomize build took longer than 45 s, and was stopped/],
      [
        'leaves its output to a process that does not end',
        '/bin/sh -c "/bin/sleep 100 & exit 0"',
        /^error: kustomize build took longer than 45 s, and was stopped/,
      ],
      [
        'is killed',
        '/bin/sh -c "kill -9 \\$\\$"',
        /^error: kustomize was killed by SIGKILL, as .* no memory left; it printed nothing/,
      ],
      ['is ended', '/bin/sh -c "echo oops >&2; kill -15 \\$\\$"', /^error: kustomize was killed by SIGTERM; oops/],
    ])('a kustomize that %s', (_, program, message) => {
      const runaway = join(folderOf({ kustomize: `#!/bin/sh\nexec ${program}\n` }), 'kustomize');
      chmodSync(runaway, 0o755);
      const other = sidecarWith(runaway);
      const start = performance.now();
      const { status, stdout, stderr } = other.generate({ repository: repositoryOf(kustomization('')), path: 'app' });
      other.remove();
      expect({ failed: status !== 0, stdout }).toEqual({ failed: true, stdout: '' });
      expect(stderr).toMatch(message);
      // Argo CD waits 60 s.
      expect(performance.now() - start).toBeLessThan(55_000);
    });

    test('kustomize gets neither what the sidecar knows nor a way to fetch', () => {
      const nosy = join(folderOf({ kustomize: '#!/bin/sh\n/usr/bin/env >&2\nexit 1\n' }), 'kustomize');
      chmodSync(nosy, 0o755);
      const other = sidecarWith(nosy);
      const env = { ARGOCD_ENV_TOKEN: 'secret', HTTPS_PROXY: 'http://proxy.example' };
      const { stderr } = other.generate({ repository: repositoryOf(kustomization('')), path: 'app', env });
      other.remove();
      expect(stderr.match(/\b[A-Z_]+(?==)/g)?.toSorted()).toEqual([
        'GOMEMLIMIT',
        'HTTPS_PROXY',
        'HTTP_PROXY',
        'PATH',
        'PWD',
      ]);
      expect(stderr).toMatch(/PATH=\/nonexistent\n/);
      expect(stderr).not.toMatch(/secret|proxy\.example/);
    });
  },
);
