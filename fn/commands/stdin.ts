import { fstatSync, readSync } from 'node:fs';
import { decode } from '../files/decode.ts';
import { UsageError } from '../files/usage-error.ts';
import { LIMITS, mebibytes } from '../yaml/limits.ts';

const STDIN = 0;
const CHUNK = 65_536;

/** Whether standard input is a terminal. What knows that takes long to load, so that files and pipes do without. */
export async function isTerminal(): Promise<boolean> {
  try {
    return fstatSync(STDIN).isCharacterDevice() && (await import('node:tty')).isatty(STDIN);
  } catch {
    return false; // It is closed.
  }
}

/**
 * Reads all of standard input as UTF-8. A byte order mark stays.
 * @throws {@link UsageError} if it cannot be read, is too large, or is not UTF-8
 */
export async function readStdin(): Promise<string> {
  return decode(await bytes(), 'standard input');
}

async function bytes(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const take = (chunk: Uint8Array): void => {
    size += chunk.length;
    if (size > LIMITS.INPUT) throw new UsageError(`it must not be larger than ${mebibytes(LIMITS.INPUT)}`);
    chunks.push(chunk);
  };
  try {
    // Some runtimes read a directory as an empty file.
    if (fstatSync(STDIN).isDirectory()) throw new UsageError('it is a directory');
    await readAll(take);
  } catch (error) {
    throw new UsageError(`standard input cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return Buffer.concat(chunks);
}

/** Without the streams of the runtime, which take long to load, unless somebody has set the pipe to answer at once. */
async function readAll(take: (chunk: Uint8Array) => void): Promise<void> {
  try {
    for (;;) {
      const chunk = new Uint8Array(CHUNK);
      const length = readSync(STDIN, chunk);
      if (length === 0) return;
      take(chunk.subarray(0, length));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) take(chunk);
  }
}
