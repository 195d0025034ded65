import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of a file, in hexadecimal digits. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Writes `checksums.txt`, which `sha256sum --check` reads, of the files of a folder and not of folders in it. */
export async function writeChecksums(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && entry.name !== 'checksums.txt').map(({ name }) => name);
  const lines: string[] = [];
  for (const name of names.toSorted()) lines.push(`${await sha256(join(folder, name))}  ${name}\n`);
  await writeFile(join(folder, 'checksums.txt'), lines.join(''));
}
