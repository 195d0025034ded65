import { spawnSync } from 'node:child_process';
import { afterAll, describe } from 'vitest';
import { removeNamespaces } from './namespace.ts';
import { removeDirectories } from './program.ts';

/** Whether a program is on the PATH. */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0;
}

const TOOLS = ['ip', 'bridge', 'nft', 'iptables-nft', 'ip6tables-nft', 'setpriv', 'getent', 'mount', 'timeout'];

function missing(): string[] {
  const tools = TOOLS.filter((tool) => !has(tool));
  if (process.getuid?.() !== 0) return ['root', ...tools];
  const namespaces = spawnSync('unshare', ['-n', '-m', 'true']).status === 0;
  return namespaces ? tools : ['network namespaces', ...tools];
}

/** A suite of tests at the same time that each have their own network namespaces; skipped by name where there can be none.
 * Nothing of them is left. */
export function describeInNamespaces(title: string, body: () => void): void {
  const needs = missing();
  const name = needs.length === 0 ? title : `${title} (needs ${needs.join(', ')})`;
  describe.skipIf(needs.length > 0)(name, { concurrent: true }, () => {
    afterAll(removeNamespaces);
    afterAll(removeDirectories);
    body();
  });
}
