import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES } from '../cluster/examples.ts';
import { ROOT } from '../commands/command.ts';
import { type Block, read } from './page.ts';

/** What leads out of a folder: to a cluster, a registry, a node. */
const OUTSIDE = new RegExp(
  [
    String.raw`\b(?:kubectl (?!kustomize)|helm (?!template|create)|kind (?:create|delete|load)|ip link)`,
    String.raw`\b(?:cosign|ctr|curl|docker|flux|gh|k3s|microk8s|nft|npm|oc|oras|sudo|talosctl) `,
    String.raw`gateway-network-fn (?:status|test|doctor|gather)\b`,
  ].join('|'),
);

/** Whose commands test/cluster runs from the page. */
const INSTALLED = new Set(EXAMPLES.map(({ name }) => `examples/${name}/README.md`));

/** What is wrong with how a block of commands is run: nobody runs it, or whoever is said to does not know of it. */
export function commandFault(page: string, { text, marks }: Block): string | undefined {
  const { needs, 'run by': by } = marks;
  if (needs !== undefined) return OUTSIDE.test(text) ? undefined : 'could be run';
  if (by !== undefined) return isNamed(page, text, by) ? undefined : `${by} has neither the page nor its commands`;
  return OUTSIDE.test(text) && !INSTALLED.has(page) ? 'needs something, or is run by a test' : undefined;
}

/** Whether the commands of a block are run by `test/engines/pages.test.ts`. */
export function isRunHere(page: string, { language, marks }: Block): boolean {
  return language === 'sh' && marks.needs === undefined && marks['run by'] === undefined && !INSTALLED.has(page);
}

function isNamed(page: string, text: string, by: string): boolean {
  if (!existsSync(join(ROOT, by))) return false;
  const test = read(by);
  return test.includes(page) || commands(text).every((line) => test.includes(line));
}

/** The commands without what is said of them. */
function commands(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/ +#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
