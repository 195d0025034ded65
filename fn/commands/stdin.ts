import { decode } from '../files/decode.ts';
import { fstatSync } from 'node:fs';
import { LIMITS, mebibytes } from '../yaml/limits.ts';
import { UsageError } from '../files/usage-error.ts';

/**
 * Reads all of standard input as UTF-8. A byte order mark stays.
 * @throws {@link UsageError} if it cannot be read, is too large, or is not UTF-8
 */
export async function readStdin(): Promise<string> {
  return decode(await bytesOf(process.stdin as AsyncIterable<Buffer>), 'standard input');
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Some runtimes read a directory as an empty file.
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
