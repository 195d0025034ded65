import { join } from 'node:path';
import { test } from 'vitest';
import { expectGolden } from '../golden/golden.ts';
import { describeWith } from './describe-tools.ts';
import { copyOfExample, filesIn } from './folder.ts';
import { output } from './program.ts';
import { kpts, kustomizes, newest } from './tool.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');

describeWith([newest(kustomizes())], (kustomize) => {
  test.each([
    ['kustomize-transformer', 'production'],
    ['kustomize-generator', '.'],
  ])('examples/%s builds as expected', (name, overlay) => {
    const folder = copyOfExample(name);
    const built = output(kustomize, ['build', '--enable-alpha-plugins', '--enable-exec', join(folder, overlay)]);
    expectGolden(built, join(EXAMPLES, name, '.expected/built.yaml'));
  });
});

describeWith([newest(kpts())], (kpt) => {
  test('examples/kpt-package renders as expected', () => {
    const folder = copyOfExample('kpt-package');
    output(kpt, ['fn', 'render', '--allow-exec', folder]);
    const manifests = [...filesIn(folder)].filter(([path]) => path !== 'README.md');
    const files = manifests.map(([path, text]) => `==> ${path}\n${text}`);
    expectGolden(files.join('\n'), join(EXAMPLES, 'kpt-package/.expected/package.txt'));
  });
});
