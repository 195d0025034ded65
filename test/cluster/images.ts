import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** An image made without a registry: files on top of nothing, or of another image. */
export interface ImageSpec {
  /** The whole name, registry and tag included. */
  readonly name: string;
  /** An OCI archive with one image. */
  readonly base?: string;
  /** Files and folders of this machine, by their path in the image. */
  readonly files: Readonly<Record<string, string>>;
  /** Symbolic links, and where they lead. */
  readonly links?: Readonly<Record<string, string>>;
  readonly config: {
    readonly Entrypoint?: readonly string[];
    readonly Env?: readonly string[];
    readonly User?: string;
  };
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

interface Configuration {
  readonly config?: object;
  readonly rootfs?: { readonly diff_ids: readonly string[] };
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const OCI = 'application/vnd.oci.image';

/** Writes an image as an OCI archive (OCI Image Layout 1.0). The same files give the same digest. */
export function writeImage(archive: string, { name, base, files, links = {}, config }: ImageSpec): void {
  const folder = mkdtempSync(join(tmpdir(), 'gwn-image-'));
  const blobs = join(folder, 'layout/blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  try {
    const below = base === undefined ? undefined : unpack(base, join(folder, 'layout'));
    const layer = addLayer(blobs, join(folder, 'layer'), files, links);
    const configuration = addJson(blobs, `${OCI}.config.v1+json`, {
      ...below?.configuration,
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config: { Env: [PATH], ...below?.configuration.config, ...config },
      rootfs: { type: 'layers', diff_ids: [...(below?.configuration.rootfs?.diff_ids ?? []), layer.digest] },
      history: undefined,
    });
    const manifest = addJson(blobs, `${OCI}.manifest.v1+json`, {
      schemaVersion: 2,
      mediaType: `${OCI}.manifest.v1+json`,
      config: configuration,
      layers: [...(below?.manifest.layers ?? []), layer],
    });
    const annotations = { 'io.containerd.image.name': name };
    const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
    writeFileSync(join(folder, 'layout/index.json'), JSON.stringify(index));
    writeFileSync(join(folder, 'layout/oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
    pack(join(folder, 'layout'), archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unpack(archive: string, layout: string): { manifest: Manifest; configuration: Configuration } {
  execFileSync('tar', ['-xf', archive, '-C', layout]);
  const read = (path: string): unknown => JSON.parse(readFileSync(join(layout, path), 'utf8'));
  const blob = ({ digest }: Descriptor): unknown => read(`blobs/${digest.replace(':', '/')}`);
  const { manifests } = read('index.json') as { manifests: readonly [Descriptor] };
  const manifest = blob(manifests[0]) as Manifest;
  return { manifest, configuration: blob(manifest.config) as Configuration };
}

function addLayer(
  blobs: string,
  root: string,
  files: ImageSpec['files'],
  links: Readonly<Record<string, string>>,
): Descriptor {
  mkdirSync(root);
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(source, join(root, path), { recursive: true, verbatimSymlinks: true });
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  }
  const archive = join(root, '..', 'layer.tar');
  pack(root, archive);
  return addBlob(blobs, `${OCI}.layer.v1.tar`, archive);
}

/** Times and owners are those of no machine. */
function pack(folder: string, archive: string): void {
  const sameBytes = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  execFileSync('tar', [...sameBytes, '-cf', archive, '-C', folder, '.']);
}

function addJson(blobs: string, mediaType: string, value: object): Descriptor {
  const file = join(blobs, 'new');
  writeFileSync(file, JSON.stringify(value));
  return addBlob(blobs, mediaType, file);
}

function addBlob(blobs: string, mediaType: string, file: string): Descriptor {
  const bytes = readFileSync(file);
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (!existsSync(join(blobs, hash))) renameSync(file, join(blobs, hash));
  return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
}
