import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { tarOf } from '../files/tar.ts';

/** A tar.gz, and its digest: `sha256:` and hexadecimal digits. */
export interface Archive {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly digest: string;
}

/**
 * Packs files into a tar.gz that only depends on their names and contents. The modes are those of
 * Flux's own archives.
 */
export async function archiveOf(files: ReadonlyMap<string, string>): Promise<Archive> {
  const bytes = gzipStored(await tarOf(files));
  return { bytes, digest: digestOf(bytes) };
}

/** The SHA-256 digest of bytes: `sha256:` and hexadecimal digits. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The longest stored block of deflate, in bytes (RFC 1951, section 3.2.4). */
const BLOCK = 65_535;

/**
 * gzip (RFC 1952) with stored blocks. The output of a compressor, and so the digest, depends on its
 * version and on the processor: an update of this program, or a move to another node, would give
 * each artifact a new revision.
 */
function gzipStored(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = Math.max(1, Math.ceil(data.length / BLOCK));
  const out = Buffer.alloc(10 + blocks * 5 + data.length + 8);
  // Magic, deflate, no flags, no time, no extra flags, unknown system.
  Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]).copy(out);
  let at = 10;
  for (let block = 0; block < blocks; block += 1) {
    const chunk = data.subarray(block * BLOCK, (block + 1) * BLOCK);
    out.writeUInt8(block === blocks - 1 ? 1 : 0, at);
    out.writeUInt16LE(chunk.length, at + 1);
    out.writeUInt16LE(~chunk.length & 0xffff, at + 3);
    out.set(chunk, at + 5);
    at += 5 + chunk.length;
  }
  out.writeUInt32LE(crc32(data), at);
  out.writeUInt32LE(data.length >>> 0, at + 4);
  return out;
}
