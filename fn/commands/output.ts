import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import { UsageError } from '../files/usage-error.ts';

const STDOUT = 1;

/** The exit status that shells report for a program whose output was closed (SIGPIPE). */
const BROKEN_PIPE = 128 + constants.signals.SIGPIPE;

/**
 * Prints to standard output, and resolves when everything is written. If the reader has gone, as in
 * `| head -1`, the program ends silently, as other programs do.
 * @throws {@link UsageError} if the output cannot be written, for example on a full disk
 */
export async function print(text: string): Promise<void> {
  try {
    await written(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(BROKEN_PIPE);
    throw new UsageError(
      `standard output cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Without the streams of the runtime, which take long to load, unless somebody has set the pipe to answer at once. */
async function written(text: string): Promise<void> {
  const bytes = Buffer.from(text);
  let start = 0;
  try {
    while (start < bytes.length) start += writeSync(STDOUT, bytes, start);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    await streamed(bytes.subarray(start));
  }
}

function streamed(bytes: Uint8Array): Promise<void> {
  const { stdout } = process;
  return new Promise((resolve, reject) => {
    // A failure is reported here and to the callback. Without a listener it would end the program
    // with a stack.
    stdout.once('error', reject);
    stdout.write(bytes, (error) => {
      if (error) return reject(error);
      stdout.off('error', reject);
      resolve();
    });
  });
}
