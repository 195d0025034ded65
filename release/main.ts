import { appendFileSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { writeChecksums } from './checksums.ts';
import { PLATFORMS } from './executables.ts';
import { IMAGES } from './images.ts';
import { joined } from './oci.ts';
import { ROOT, version } from './project.ts';
import { disagreements, notReleasable, notesOf, writeVersions } from './versions.ts';

const PARTS = ['files', 'images'];
const USAGE = `npm run release -- (--dry-run|--tag vVERSION) [--out DIR] [--parts files,images]
    [--platform Linux-x86_64]... [--build-arg NAME=VALUE]...
npm run release -- --join --out DIR
npm run release -- --write-versions
npm run release -- --notes

Makes what a release has, and publishes nothing: docs/releases.md.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      tag: { type: 'string' },
      out: { type: 'string', default: 'dist/release' },
      parts: { type: 'string', default: 'files' },
      platform: { type: 'string', multiple: true, default: PLATFORMS.map(({ name }) => name) },
      join: { type: 'boolean', default: false },
      'build-arg': { type: 'string', multiple: true, default: [] },
      'write-versions': { type: 'boolean', default: false },
      notes: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return (process.stdout.write(USAGE), 0);
  const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  if (values['write-versions']) return (writeVersions(), 0);
  if (values.notes) return (process.stdout.write(notesOf(changelog)), 0);
  if (values.join) return joinImages(resolve(values.out));
  const parts = values.parts.split(',');
  const unknown = [
    ...parts.filter((part) => !PARTS.includes(part)),
    ...values.platform.filter((name) => PLATFORMS.every((platform) => platform.name !== name)),
  ];
  if (values['dry-run'] === (values.tag !== undefined) || unknown.length > 0) return fail(2, [USAGE]);

  const faults = [
    ...disagreements().map(({ file, line, found }) => `${file}:${line} has the version ${found}, unlike package.json`),
    ...notReleasable(values.tag, changelog),
  ];
  if (faults.length > 0) return fail(1, faults);

  const out = resolve(values.out);
  if (existsSync(out) && readdirSync(out).length > 0) return fail(2, [`${out} is not empty`]);
  mkdirSync(out, { recursive: true });
  await build(out, {
    files: parts.includes('files'),
    platforms: PLATFORMS.filter(({ name }) => values.platform.includes(name)),
    images: parts.includes('images'),
    buildArgs: values['build-arg'],
  });
  return closed(out);
}

/** Makes one image of those for each architecture in `images`: in `layouts`, with their digests in `images.txt`. */
async function joinImages(out: string): Promise<number> {
  for (const { name } of IMAGES) {
    const archives = globSync(`images/${name}-linux-*.tar`, { cwd: out }).toSorted();
    const digest = joined(
      archives.map((archive) => join(out, archive)),
      join(out, 'layouts', name),
      `v${version()}`,
    );
    appendFileSync(join(out, 'images.txt'), `${digest}  ${name}\n`);
  }
  return closed(out);
}

async function closed(out: string): Promise<number> {
  await writeChecksums(out);
  process.stdout.write(readFileSync(join(out, 'checksums.txt'), 'utf8'));
  return 0;
}

function fail(status: number, lines: readonly string[]): number {
  for (const line of lines) process.stderr.write(`${line.replace(/\n$/, '')}\n`);
  return status;
}

process.exitCode = await main().catch((error: Error) => fail(1, [error.message]));
