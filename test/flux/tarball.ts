import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { onTestFinished } from 'vitest';

/** An entry: a file by its text, or anything by its header. */
export type Entry = string | Uint8Array | Partial<Header>;

/** A tar.gz as a source might publish it, honest or not. */
export async function tarball(entries: Readonly<Record<string, Entry>>): Promise<Buffer> {
  const tar = pack();
  const chunks: Buffer[] = [];
  const done = (async () => {
    for await (const chunk of tar) chunks.push(chunk as Buffer);
  })();
  for (const [name, entry] of Object.entries(entries)) {
    if (typeof entry === 'string' || entry instanceof Uint8Array) tar.entry({ name }, Buffer.from(entry));
    else tar.entry({ name, ...entry });
  }
  tar.finalize();
  await done;
  return gzipSync(Buffer.concat(chunks));
}

/** `sha256:` and the digest. */
export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A new directory that goes with the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gwn-flux-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Bytes as a file of their own that goes with the test. */
export function fileOf(bytes: Uint8Array): string {
  const file = join(scratchFolder(), 'archive.tar.gz');
  writeFileSync(file, bytes);
  return file;
}

/** A small network, as YAML. */
export function networkText(name = 'vpn', vni = 1000, subnet = '192.168.50.0/24'): string {
  return `apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: ${name}, namespace: egress}
spec:
  subnets: [${subnet}]
  overlay: {vni: ${vni}}
`;
}
