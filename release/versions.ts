import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, version } from './project.ts';

const NUMBER = String.raw`\d+\.\d+\.\d+(?:-[\w.]+)?`;

/** How files name the version; what `npm run golden` writes is left out. */
const FILES = ['Dockerfile', '*.md', 'metadata.yaml', '{deploy,docs,examples}/**/*.{md,yaml}'];
const LEFT_OUT = ['CHANGELOG.md', '{deploy,docs,examples}/**/.expected/**', 'docs/decisions/**'];
const MENTIONS = [
  String.raw`\bgateway-network-(?:fn|node|argocd|flux)[:@]v?`,
  String.raw`\bgateway-network-fn-v?(?=${NUMBER}\.tgz)`,
  String.raw`\bgateway-network-fn/releases/download/v`,
  String.raw`\brefs/tags/v`,
  String.raw`^ARG VERSION=`,
  String.raw`^\| \`VERSION\`.*?\| \``,
  String.raw`^  release   `,
].map((before) => new RegExp(`(?<=${before})${NUMBER}`, 'gm'));

/** A place that names a version of ours. */
export interface Mention {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly found: string;
}

/** All places of the repository that name another version than package.json does. */
export function disagreements(root = ROOT): readonly Mention[] {
  const wanted = version(root);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { version: string };
  const all = Object.values(mentionsOf(root)).flat();
  return [{ file: 'package-lock.json', line: 3, found: lock.version }, ...all].filter(({ found }) => found !== wanted);
}

/** All places that name a version of ours, by file. */
export function mentionsOf(root = ROOT): Readonly<Record<string, readonly Mention[]>> {
  return Object.fromEntries(
    files(root).map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const found = MENTIONS.flatMap((mention) => [...text.matchAll(mention)]);
      return [
        file,
        found.map(({ 0: number, index }) => ({ file, line: text.slice(0, index).split('\n').length, found: number })),
      ];
    }),
  );
}

/** Writes the version of package.json to all places that name another one. */
export function writeVersions(root = ROOT): void {
  const wanted = version(root);
  for (const file of files(root)) {
    const text = readFileSync(join(root, file), 'utf8');
    const written = MENTIONS.reduce((all, mention) => all.replace(mention, wanted), text);
    if (written !== text) writeFileSync(join(root, file), written);
  }
}

function files(root: string): readonly string[] {
  return globSync(FILES, { cwd: root, exclude: LEFT_OUT }).toSorted();
}

/**
 * What of CHANGELOG.md and a tag keeps a commit from being released.
 *
 * @param tag such as `v0.1.0`; none for a dry run, which may be of what is not released yet
 */
export function notReleasable(tag: string | undefined, changelog: string, root = ROOT): readonly string[] {
  if (tag === undefined) return [];
  const wanted = version(root);
  const heading = new RegExp(String.raw`^## \[${wanted.replaceAll('.', String.raw`\.`)}\] - \d{4}-\d\d-\d\d$`, 'm');
  return [
    ...(tag === `v${wanted}` ? [] : [`the tag is ${tag}, but package.json has ${wanted}: it must be v${wanted}`]),
    ...(heading.test(changelog) ? [] : [`CHANGELOG.md has no heading "## [${wanted}] - YYYY-MM-DD"`]),
  ];
}

/**
 * What CHANGELOG.md says of a version: the text of its release.
 * @throws where it says nothing
 */
export function notesOf(changelog: string, wanted = version()): string {
  const [, section] = changelog.split(
    new RegExp(String.raw`^## \[${wanted.replaceAll('.', String.raw`\.`)}\].*$`, 'm'),
  );
  if (section === undefined) throw new Error(`CHANGELOG.md has no section of ${wanted}`);
  return `${section.split(/^## /m)[0]?.trim() ?? ''}\n`;
}
