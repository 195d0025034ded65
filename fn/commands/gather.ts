import { existsSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { UsageError } from '../files/usage-error.ts';
import { archiveFiles } from '../gather/archive-files.ts';
import { LOGGED } from '../gather/words.ts';
import { questionOf } from './cluster-options.ts';
import { type NetworksOptions, networksWanted } from './networks-wanted.ts';
import { print } from './output.ts';
import { type ProgramsOptions, programsTold } from './programs-told.ts';

/** The options of the verb. */
export interface GatherOptions extends NetworksOptions, ProgramsOptions {
  /** Where the archive is written. */
  readonly file: string;
}

/**
 * Writes an archive for a bug report about one gateway network of the cluster, or about all.
 * @throws {@link UsageError} where the cluster cannot be asked, has no such network, or the file is there already
 */
export async function gather(network: string | undefined, options: GatherOptions): Promise<void> {
  // Known before the cluster is asked, which may take long.
  if (existsSync(options.file)) throw unwritable(options.file, THERE);
  const { observation, networks } = await networksWanted(network, options);
  const { surroundings, tarOf } = await import('../cluster/observe.ts');
  const answer = await surroundings(questionOf(options), observation, LOGGED);
  if ('refusal' in answer) throw new UsageError(answer.refusal);
  const told = await programsTold(networks, observation, options);
  const files = archiveFiles(networks, observation, answer, Date.now(), told);
  write(options.file, gzipSync(await tarOf(files)));
  const names = [...files.keys()].map((name) => `  ${name}\n`).join('');
  await print(
    `${options.file}: ${files.size} files\n${names}Read it before you send it: it has names and addresses.\n`,
  );
}

const THERE = 'it is there already: remove it, or name another with --file';

/** Only for its owner, and never in place of another file. */
function write(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw unwritable(path, code === 'EEXIST' ? THERE : message);
  }
}

function unwritable(path: string, reason: string): UsageError {
  return new UsageError(`${path} cannot be written: ${reason}`);
}
