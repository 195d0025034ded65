import { UsageError } from './exit.ts';

/** What is read at most, in bytes: far beyond any cluster's manifests, and well within memory. */
const LIMIT = 512 * 1024 * 1024;

/** All of standard input, as UTF-8 with a byte order mark kept. */
export async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMIT) throw new UsageError(`the input must not be larger than ${LIMIT} bytes`);
    chunks.push(chunk);
  }
  return decode(Buffer.concat(chunks), 'standard input');
}

/** Text that is not UTF-8 is refused: replacing its bytes would change what is not ours. */
export function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`${name} must be UTF-8 text`);
  }
}
