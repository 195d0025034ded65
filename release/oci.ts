import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';

interface Descriptor {
  readonly mediaType: string;
  /** `sha256:` and hexadecimal digits. */
  readonly digest: string;
  readonly size: number;
}

interface Config {
  readonly architecture: string;
  readonly os: string;
  readonly config: { readonly Labels?: Readonly<Record<string, string>> };
}

/** An image in a folder that is an OCI image layout. */
export interface LaidOutImage {
  readonly folder: string;
  readonly manifest: Descriptor;
  readonly config: Config;
  /** Paths of its layers, the lowest first. */
  readonly layers: readonly string[];
}

const INDEX = 'application/vnd.oci.image.index.v1+json';

/** Unpacks an OCI archive of one image into a folder, beside what was unpacked there before. */
export function unpack(archive: string, folder: string): LaidOutImage {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  const [manifest] = (json(join(folder, 'index.json')) as { manifests: Descriptor[] }).manifests;
  if (manifest === undefined) throw new Error(`${archive} has no image`);
  const { config, layers } = json(blob(folder, manifest)) as { config: Descriptor; layers: Descriptor[] };
  return {
    folder,
    manifest,
    config: json(blob(folder, config)) as Config,
    layers: layers.map((layer) => blob(folder, layer)),
  };
}

/**
 * Makes one image of those for several architectures, as an OCI image layout: an index, which carries their labels as
 * annotations, since that is where Artifact Hub looks.
 *
 * @param archives OCI archives of the image, one an architecture
 * @returns the digest of the index, by which a registry knows the image
 */
export function joined(archives: readonly string[], folder: string, tag: string): string {
  const images = archives.map((archive) => unpack(archive, folder));
  if (images.length === 0) throw new Error(`there is no image for ${folder}`);
  const index = writeBlob(folder, {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: images
      .map(({ manifest: { mediaType, digest, size }, config: { architecture, os } }) => ({
        mediaType,
        digest,
        size,
        platform: { architecture, os },
      }))
      .toSorted((a, b) => (a.platform.architecture < b.platform.architecture ? -1 : 1)),
    annotations: images[0]?.config.config.Labels ?? {},
  });
  const manifests = [{ mediaType: INDEX, ...index, annotations: { 'org.opencontainers.image.ref.name': tag } }];
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  return index.digest;
}

/** The text of a file in an image, of the highest layer that has it; empty where none does. */
export async function fileOf(image: LaidOutImage, path: string): Promise<string> {
  for (const layer of image.layers.toReversed()) {
    const found = await fileIn(layer, path);
    if (found !== undefined) return found;
  }
  return '';
}

async function fileIn(layer: string, path: string): Promise<string | undefined> {
  const tar = extract();
  tar.end(gunzipSync(readFileSync(layer)));
  for await (const entry of tar) {
    if (entry.header.name.replace(/^\.?\//, '') !== path || entry.header.type !== 'file') {
      entry.resume();
      continue;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }
  return undefined;
}

function writeBlob(folder: string, value: unknown): Pick<Descriptor, 'digest' | 'size'> {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(folder, 'blobs/sha256', digest), bytes);
  return { digest: `sha256:${digest}`, size: bytes.length };
}

function blob(folder: string, { digest }: Descriptor): string {
  return join(folder, 'blobs', digest.replace(':', '/'));
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
