import { pack } from 'tar-stream';

/** Packs files into a tar that only depends on their names and contents: times and owners are zero. */
export async function tarOf(files: ReadonlyMap<string, string>): Promise<Uint8Array> {
  const tar = pack();
  const collected = collect(tar);
  for (const name of [...files.keys()].toSorted())
    tar.entry({ name, mode: 0o600, mtime: new Date(0) }, files.get(name) ?? '');
  tar.finalize();
  return collected;
}

async function collect(chunks: AsyncIterable<unknown>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk as Uint8Array);
  return Buffer.concat(all);
}
