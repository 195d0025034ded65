import { decode } from '../files/decode.ts';
import { fstatSync } from 'node:fs';
import { LIMITS, mebibytes } from '../yaml/limits.ts';
import { UsageError } from '../files/usage-error.ts';

/** All of standard input, as UTF-8 with a byte order mark kept. Throws UsageError. */
export async function readStdin(): Promise<string> {
  return decode(await bytesOf(process.stdin as AsyncIterable<Buffer>), 'standard input');
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // To some runtimes a directory is an empty file.
    if (fstatSync(0).isDirectory()) throw new UsageError('it is a directory');
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > LIMITS.INPUT) throw new UsageError(`it must not be larger than ${mebibytes(LIMITS.INPUT)}`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw new UsageError(`standard input cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return Buffer.concat(chunks);
}
