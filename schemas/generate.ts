/**
 * Writes what is generated from the CRD, from tables of the code and from examples: `npm run generate`. With `--check` it writes nothing, lists the files that
 * differ and fails if there are any.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fluxOutputsOf, outputsOf } from './outputs.ts';
import { withFieldEffects } from './pages.ts';
import { picturesOf } from './pictures.ts';

/** The page of which a table is generated. */
const CHANGES = 'docs/changes.md';

const root = dirname(import.meta.dirname);
const crd = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const outputs = [
  ...(await outputsOf(crd('gateway-network.crd.yaml'))),
  ...(await fluxOutputsOf(crd('gateway-network-render.crd.yaml'))),
  { path: CHANGES, content: withFieldEffects(current(CHANGES) ?? '') },
  ...(await picturesOf(root)),
];
const stale = outputs.filter(({ path, content }) => current(path) !== content);

if (process.argv.includes('--check')) {
  for (const { path } of stale) process.stderr.write(`${path} must be generated again: npm run generate\n`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const { path, content } of stale) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}
