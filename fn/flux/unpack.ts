import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { LIMITS, mebibytes } from './limits.ts';
import { messageOf, Refusal } from './refusal.ts';
import type { Tree } from './tree.ts';

/** The limits for one archive; see {@link LIMITS}. */
export type UnpackLimits = Readonly<Record<'UNPACKED' | 'ENTRIES' | 'MANIFEST' | 'MANIFESTS', number>>;

/**
 * The wanted files of a tar.gz, in memory. Nothing is written to disk, so no entry can be written
 * to a wrong place. The whole archive is read and checked, also what is not wanted. As in Flux, an
 * archive may only contain regular files and directories.
 * @throws {@link Refusal} for a file that is not a tar.gz or is cut short, for a link or a device,
 * for a path that leads out of the archive, and for exceeded limits
 */
export async function unpack(
  file: string,
  isWanted: (path: string) => boolean,
  limits: UnpackLimits = LIMITS,
): Promise<Tree> {
  const tree = new Map<string, Uint8Array>();
  const extraction = extract();
  const feeding = pipeline(createReadStream(file), createGunzip(), meter(limits.UNPACKED), extraction);
  // Both ends fail together. The code below awaits and reports the failure.
  feeding.catch(() => undefined);
  let entries = 0;
  let size = 0;
  try {
    for await (const entry of extraction) {
      entries += 1;
      if (entries > limits.ENTRIES) throw refused(`it must not hold more than ${limits.ENTRIES} files and directories`);
      const path = pathOf(entry.header);
      if (entry.header.type === 'file' && isWanted(path)) {
        size += entry.header.size;
        if (entry.header.size > limits.MANIFEST)
          throw refused(`${path} must not be larger than ${mebibytes(limits.MANIFEST)}`);
        if (size > limits.MANIFESTS)
          throw refused(`its manifests must not be larger than ${mebibytes(limits.MANIFESTS)} together`);
        tree.set(path, await contentOf(entry));
      } else {
        entry.resume();
      }
    }
    await feeding;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw refused(messageOf(error));
  }
  return tree;
}

async function contentOf(entry: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/**
 * The path of an entry, without `.` and double slashes.
 * @throws {@link Refusal} for another type than a file or directory, and for a path that leads out
 * of the archive
 */
function pathOf({ name, type, linkname }: Header): string {
  if (type !== 'file' && type !== 'directory') {
    const target = linkname ? ` to "${linkname}"` : '';
    throw refused(
      `"${name}" is a ${type ?? 'special file'}${target}, and only regular files and directories are allowed`,
    );
  }
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (name.startsWith('/') || segments.includes('..'))
    throw refused(`"${name}" must be a path below the top, without ".."`);
  return segments.join('/');
}

/** Limits the bytes that pass through: an archive may be small only while it is compressed. */
function meter(limit: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(refused(`it must not be larger than ${mebibytes(limit)} unpacked`));
      else done(null, chunk);
    },
  });
}

function refused(what: string): Refusal {
  return new Refusal('InvalidArchive', `the source's archive is refused: ${what}`);
}
