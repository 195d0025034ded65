import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** A file of an archive. */
export interface ArchivedFile {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/**
 * Packs files into a `.tar.gz` that depends on nothing but their names and bytes and the time: sorted, of root, and
 * with no other modes than 0644 and 0755.
 *
 * @param seconds since 1970, the time of every file
 */
export async function archive(files: ReadonlyMap<string, ArchivedFile>, seconds: number): Promise<Uint8Array> {
  const tar = pack();
  const chunks: Uint8Array[] = [];
  const read = (async () => {
    for await (const chunk of tar as AsyncIterable<Uint8Array>) chunks.push(chunk);
  })();
  for (const name of [...files.keys()].toSorted()) {
    const { bytes, executable } = files.get(name) as ArchivedFile;
    tar.entry({ name, mode: executable ? 0o755 : 0o644, mtime: new Date(seconds * 1000) }, Buffer.from(bytes));
  }
  tar.finalize();
  await read;
  return gzipSync(Buffer.concat(chunks));
}
