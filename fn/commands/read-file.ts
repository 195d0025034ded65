import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { LIMITS, mebibytes } from '../yaml/limits.ts';
import { attempt } from './attempt.ts';
import { UsageError } from '../files/usage-error.ts';

/**
 * Reads files one after another, also pipes and devices, up to `limit` bytes together.
 * @throws {@link UsageError} if a file cannot be read, or the files are larger than that
 */
export function fileReader(limit: number = LIMITS.INPUT): (path: string) => Uint8Array {
  let left = limit;
  return (path) => {
    const bytes = attempt(() => bytesOf(path, left));
    if (bytes === undefined) {
      throw new UsageError(`${path}: all that is read must not be larger than ${mebibytes(limit)} together`);
    }
    left -= bytes.length;
    return bytes;
  };
}

/** The bytes of a file; undefined if there are more than `limit`. */
function bytesOf(path: string, limit: number): Uint8Array | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size > limit) return undefined;
    const chunks: Uint8Array[] = [];
    let total = 0;
    // Pipes and devices have no size, and files may grow.
    for (let next = chunkOf(file, size + 1); next.length > 0; next = chunkOf(file, CHUNK)) {
      total += next.length;
      if (total > limit) return undefined;
      chunks.push(next);
    }
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  } finally {
    closeSync(file);
  }
}

const CHUNK = 65_536;

function chunkOf(file: number, size: number): Uint8Array {
  const chunk = new Uint8Array(Math.max(size, CHUNK));
  return chunk.subarray(0, readSync(file, chunk));
}
