import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesIn } from '../engines/folder.ts';
import { expectGolden } from '../golden/golden.ts';
import { renderTree } from '../../fn/flux/tree.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/flux');

test('examples/flux renders as expected', () => {
  const tree = new Map(
    [...filesIn(join(EXAMPLE, 'networks'))].map(([path, text]) => [`networks/${path}`, Buffer.from(text)]),
  );
  const { files, warnings } = renderTree(tree, './networks');
  expect(warnings).toEqual([]);
  expectGolden(
    [...files].map(([path, text]) => `==> ${path}\n${text}`).join('\n'),
    join(EXAMPLE, '.expected/artifact.txt'),
  );
});
