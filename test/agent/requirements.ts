import { spawnSync } from 'node:child_process';
import { afterAll, describe } from 'vitest';
import { removeNamespaces } from './namespace.ts';
import { removeDirectories } from './program.ts';

/** Whether a program is on the PATH. */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', program]).status === 0;
}

const TOOLS = [
  'ip',
  'bridge',
  'nft',
  'iptables-nft',
  'ip6tables-nft',
  'setpriv',
  'getent',
  'mount',
  'timeout',
  'awk',
  'stdbuf',
  'xtables-monitor',
];

function missing(more: readonly string[]): string[] {
  const tools = [...TOOLS, ...more].filter((tool) => !has(tool));
  if (process.getuid?.() !== 0) return ['root', ...tools];
  const namespaces = spawnSync('unshare', ['-n', '-m', 'true']).status === 0;
  return namespaces ? tools : ['network namespaces', ...tools];
}

/**
 * A suite of tests that run at the same time, each in network namespaces of its own, of which nothing is left. It is skipped
 * by name where there can be none, or where one of the tools is missing that it needs beside those that all do.
 */
export function describeInNamespaces(title: string, body: () => void, tools: readonly string[] = []): void {
  const needs = missing(tools);
  const name = needs.length === 0 ? title : `${title} (needs ${needs.join(', ')})`;
  describe.skipIf(needs.length > 0)(name, { concurrent: true }, () => {
    afterAll(removeNamespaces);
    afterAll(removeDirectories);
    body();
  });
}
