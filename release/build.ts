import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archive } from './archive.ts';
import { sha256 } from './checksums.ts';
import { executable, type Platform } from './executables.ts';
import { buildImage, IMAGES } from './images.ts';
import { besideExecutable, manifests } from './manifests.ts';
import { unpack } from './oci.ts';
import { commit, type Commit, ROOT, version } from './project.ts';
import { bundled, npm } from './sbom/components.ts';
import { type Component, spdx, type Subject } from './sbom/document.ts';
import { contentsOf } from './sbom/images.ts';

/** What is built. */
export interface Wanted {
  /** What every machine can build: the package, manifests, and executables of these platforms. */
  readonly files: boolean;
  readonly platforms: readonly Platform[];
  /** The images of this machine's architecture, with buildah. */
  readonly images: boolean;
  /** Build arguments of the Dockerfile, such as other base images: `NAME=VALUE`. */
  readonly buildArgs: readonly string[];
}

/** Fills a folder with the files of a release, except for the checksums. */
export async function build(out: string, wanted: Wanted): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'gateway-network-fn-release-'));
  const of = commit();
  try {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    if (wanted.files) {
      await buildPackage(out, of);
      await buildManifests(out, of);
      for (const platform of wanted.platforms) await buildExecutable(platform, out, scratch, of);
    }
    if (wanted.images) await buildImages(out, scratch, of, wanted.buildArgs);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The package of npm, whose times npm itself sets to a moment in 1985. */
async function buildPackage(out: string, of: Commit): Promise<void> {
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', out], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const name = readdirSync(out).find((file) => file.endsWith('.tgz')) ?? '';
  const programs = ['gateway-network-fn.mjs', 'cluster.mjs', 'index.mjs', 'index.cjs'];
  await describe(out, name, 'LIBRARY', bundled(...programs), of);
}

async function buildManifests(out: string, { seconds }: Commit): Promise<void> {
  writeFileSync(join(out, 'gateway-network-deploy.tar.gz'), await archive(manifests(), seconds));
}

async function buildExecutable(platform: Platform, out: string, scratch: string, of: Commit): Promise<void> {
  const name = `gateway-network-fn-${platform.name}.tar.gz`;
  const bytes = readFileSync(executable(platform, scratch));
  const files = new Map([...besideExecutable(), ['gateway-network-fn', { bytes, executable: true }]]);
  writeFileSync(join(out, name), await archive(files, of.seconds));
  const contents = [...bundled('gateway-network-fn.mjs', 'cluster.mjs'), npm(platform.bun)];
  await describe(out, name, 'APPLICATION', contents, of);
}

/** The images as archives in `images`, and their digests in a file. */
async function buildImages(out: string, scratch: string, of: Commit, buildArgs: readonly string[]): Promise<void> {
  mkdirSync(join(out, 'images'), { recursive: true });
  for (const image of IMAGES) {
    const built = join(scratch, `${image.name}.tar`);
    buildImage(image, built, of, buildArgs);
    const laidOut = unpack(built, join(scratch, image.name));
    const { digest } = laidOut.manifest;
    const name = `${image.name}-linux-${laidOut.config.architecture}`;
    copyFileSync(built, join(out, 'images', `${name}.tar`));
    appendFileSync(join(out, `images-${laidOut.config.architecture}.txt`), `${digest}  ${name}\n`);
    const subject = { name: image.name, sha256: digest.replace('sha256:', ''), purpose: 'CONTAINER' } as const;
    writeSbom(out, name, subject, await contentsOf(image, laidOut, buildArgs), of);
  }
}

/** Writes the SBOM of a file beside it. */
async function describe(
  out: string,
  name: string,
  purpose: Subject['purpose'],
  contents: readonly Component[],
  of: Commit,
): Promise<void> {
  writeSbom(out, name, { name, sha256: await sha256(join(out, name)), purpose }, contents, of);
}

function writeSbom(
  out: string,
  name: string,
  subject: Omit<Subject, 'version'>,
  contents: readonly Component[],
  { seconds }: Commit,
): void {
  writeFileSync(join(out, `${name}.spdx.json`), spdx({ ...subject, version: version() }, contents, seconds));
}
