import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { build, declare, dockerOf, replaceIn } from './build.ts';
import { describeWith } from './describe-tools.ts';
import { documentsOf } from './documents.ts';
import { copyOfExample } from './folder.ts';
import { run } from './program.ts';
import { kubectls, kustomizes } from './tool.ts';

function verbOf(tool: { readonly title: string }): string {
  return tool.title.startsWith('kubectl') ? 'kustomize' : 'build';
}

describe('what docs/kustomize.md warns of', () => {
  for (const tool of [...kustomizes(), ...kubectls()]) {
    describeWith([tool], (program) => {
      test('an exec function without --enable-exec renders nothing, and the build succeeds', () => {
        const folder = copyOfExample('kustomize-transformer');
        const { status, stdout } = run(program, [verbOf(tool), '--enable-alpha-plugins', join(folder, 'production')]);
        expect(status).toBe(0);
        expect(stdout).not.toContain('NetworkAttachmentDefinition');
      });

      test('functions without --enable-alpha-plugins fail the build', () => {
        const { status, stderr } = build(program, copyOfExample('kustomize-generator'), 'none');
        expect(status).toBe(1);
        expect(stderr).toContain('external plugins disabled');
      });

      test('under `validators`, even a function that changes nothing fails the build', () => {
        const folder = join(copyOfExample('kustomize-transformer'), 'production');
        declare(join(folder, 'gateway-network-fn.yaml'), 'container');
        replaceIn(join(folder, 'kustomization.yaml'), 'transformers:', 'validators:');
        const { status, stderr } = build(program, folder, 'container', 'cat');
        expect(status).toBe(1);
        expect(stderr).toContain("validator shouldn't modify the resource map");
      });

      test('containers run as the user `nobody`, without network', () => {
        const folder = join(copyOfExample('kustomize-transformer'), 'production');
        declare(join(folder, 'gateway-network-fn.yaml'), 'container');
        const docker = dockerOf('gateway-network-fn');
        const { status } = run(program, [verbOf(tool), '--enable-alpha-plugins', folder], { path: [docker] });
        const calls = readFileSync(join(docker, 'calls'), 'utf8');
        expect(status).toBe(0);
        expect(calls).toMatch(
          /^run --rm -i .*--network none --user nobody .* registry\.example\/gateway-network-fn:v1\n$/,
        );
      });
    });
  }

  for (const tool of kubectls()) {
    describeWith([tool], (program) => {
      test('it has no --enable-exec', () => {
        const { status, stderr } = run(program, ['kustomize', '--enable-exec', '.']);
        expect(status).toBe(1);
        expect(stderr).toContain('unknown flag: --enable-exec');
      });
    });
  }

  for (const tool of kustomizes()) {
    describeWith([tool], (program) => {
      test('a build prints the same bytes each time', () => {
        const folder = join(copyOfExample('kustomize-transformer'), 'production');
        const first = build(program, folder, 'exec').stdout;
        expect(documentsOf(first).length).toBeGreaterThan(8);
        expect(build(program, folder, 'exec').stdout).toBe(first);
      });
    });
  }
});
