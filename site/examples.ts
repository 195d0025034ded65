import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Example } from './playground/examples.ts';

const FOLDER = join(import.meta.dirname, '../examples');
/** The example that the playground begins with. */
const FIRST = 'multi-node';
/** Files that the function reads by itself. */
const PLAIN = /^(?:README\.md|\.expected|(?!kustomization).*\.yaml)$/;

/** The examples whose folders hold nothing but manifests, the first of the playground first. */
export const EXAMPLES: readonly Example[] = readdirSync(FOLDER)
  .filter((name) => readdirSync(join(FOLDER, name)).every((file) => PLAIN.test(file)))
  .toSorted((one, other) => Number(other === FIRST) - Number(one === FIRST) || (one < other ? -1 : 1))
  .map((name) => ({ name, text: textOf(join(FOLDER, name)) }));

/** The network first, which is what people edit. */
function textOf(folder: string): string {
  const isNetwork = (name: string) => Number(name.startsWith('gateway-network'));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted((one, other) => isNetwork(other) - isNetwork(one) || (one < other ? -1 : 1))
    .map((name) => readFileSync(join(folder, name), 'utf8').replace(/^---\n/, ''))
    .join('---\n');
}
