import { extract } from 'tar-stream';
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Access } from '../api-server/request.ts';
import { get, paths } from './kube.ts';
import { sha256 } from './tarball.ts';

/**
 * Consumes an ExternalArtifact by the rules of Flux's kustomize-controller (fluxcd/pkg http/fetch
 * and tar): GET of `status.artifact.url`
 * must answer 200, the digest must be that of `status.artifact.digest`, and the archive holds
 * regular files by relative paths.
 */
export async function consume(
  access: Access,
  name: string,
  namespace = 'default',
): Promise<ReadonlyMap<string, string>> {
  const { status } = await get(access, paths.artifact(name, namespace));
  const response = await fetch(status.artifact.url, { redirect: 'error' });
  if (response.status !== 200) throw new Error(`GET ${status.artifact.url}: ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (sha256(bytes) !== status.artifact.digest) throw new Error(`the digest of what came is ${sha256(bytes)}`);
  return consumeFiles(bytes);
}

/** The files of a tar.gz. Throws for anything but regular files below the top. */
export async function consumeFiles(bytes: Uint8Array): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const tar = extract();
  const feeding = pipeline(Readable.from([bytes]), createGunzip(), tar);
  for await (const entry of tar) {
    const { name, type } = entry.header;
    if (type !== 'file' || name.startsWith('/') || name.split('/').includes('..')) throw new Error(`${type} ${name}`);
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files.set(name, Buffer.concat(chunks).toString());
  }
  await feeding;
  return files;
}
