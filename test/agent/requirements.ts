import { spawnSync } from 'node:child_process';
import { afterAll } from 'vitest';
import { nodeImage } from '../engines/tool.ts';
import { describeNeeding } from '../tools/needs.ts';
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

/** What is missing of some programs, and of the right to make namespaces. */
export function missingFor(tools: readonly string[]): readonly string[] {
  return [...missingRights(), ...tools.filter((tool) => !has(tool))];
}

/**
 * The rights that this process does not have: those of root, and among them, as in most containers,
 * that to make namespaces.
 */
export function missingRights(): readonly string[] {
  if (process.getuid?.() !== 0) return ['root'];
  return spawnSync('unshare', ['-n', '-m', 'true']).status === 0 ? [] : ['network namespaces'];
}

/**
 * A suite of tests that run at the same time, each in network namespaces of its own, of which
 * nothing is left. It is skipped
 * by name where there can be none, or where one of the tools is missing that it needs beside those that all do.
 */
export function describeInNamespaces(title: string, body: () => void, tools: readonly string[] = []): void {
  // Of the file, not of the suite: other suites of the file run at the same time.
  afterAll(removeNamespaces);
  afterAll(removeDirectories);
  const image = nodeImage().path === undefined ? ['node image'] : [];
  describeNeeding(title, [...missingFor([...TOOLS, ...tools]), ...image], body, { concurrent: true });
}
