import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { LIMITS, mebibytes } from '../../yaml/limits.ts';
import { UsageError } from '../../files/usage-error.ts';
import { decode } from '../../files/decode.ts';

/**
 * The time limit of a build, in milliseconds: less than the 60 s after which Argo CD stops it
 * without a reason.
 */
const MAX_TIME = 45_000;
/** The memory limit of a build, in bytes: about twenty times the need of the largest usual application. */
const MAX_MEMORY = 1024 * 1024 * 1024;
/** The limit of what a build prints, in bytes. */
const MAX_OUTPUT = LIMITS.INPUT;
/** How often the memory of a build is checked, in milliseconds. */
const INTERVAL = 20;

/**
 * Returns what `kustomize build` prints for a directory in a folder, without plugins, functions and
 * Helm. Nothing can come from elsewhere: there is no git on its PATH, and nothing listens at its
 * proxy. Paths in its messages are relative to the folder.
 * @throws {@link UsageError} if kustomize fails, is killed, or exceeds a limit
 */
export async function kustomizeBuild(folder: string, directory: string): Promise<string> {
  const args = ['build', '--load-restrictor=LoadRestrictionsRootOnly', '.'];
  const proxy = 'http://127.0.0.1:9';
  const env = { PATH: '/nonexistent', HTTP_PROXY: proxy, HTTPS_PROXY: proxy, GOMEMLIMIT: String(MAX_MEMORY / 2) };
  const child = spawn(findKustomize(), args, { cwd: join(folder, directory), env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  let excess: string | undefined;
  const stop = (reason: string): void => {
    excess ??= reason;
    child.kill('SIGKILL');
    // Does not wait for other processes that hold the other ends.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  let printed = 0;
  for (const [stream, chunks] of [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.length;
      if (printed > MAX_OUTPUT) stop(`printed more than ${mebibytes(MAX_OUTPUT)}`);
      else chunks.push(chunk);
    });
  }
  const timer = setTimeout(() => stop(`took longer than ${MAX_TIME / 1000} s`), MAX_TIME);
  const watch = setInterval(() => {
    if (memoryOf(child) > MAX_MEMORY) stop(`used more than ${MAX_MEMORY / 1024 / 1024} MiB of memory`);
  }, INTERVAL);
  try {
    const { status, signal } = await ended(child);
    const detail = messageOf(Buffer.concat(stderr).toString(), folder);
    if (excess !== undefined) throw new UsageError(`kustomize build ${excess}, and was stopped`);
    if (signal !== null) throw new UsageError(`kustomize was killed by ${signal}${reasonOf(signal)}; ${detail}`);
    if (status !== 0) throw new UsageError(`kustomize build failed: ${detail}`);
    return decode(Buffer.concat(stdout), 'what kustomize build prints');
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
  }
}

/**
 * The kustomize on the PATH. Relative entries of PATH are ignored, because they would be in the
 * repository.
 * @throws {@link UsageError} if there is none
 */
function findKustomize(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const path = folders.map((folder) => join(folder, 'kustomize')).find(isExecutable);
  if (path === undefined) {
    throw new UsageError(
      'kustomize is not on the PATH, but there is a kustomization.yaml: the image `gateway-network-argocd` has it',
    );
  }
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** How a process ended. */
interface End {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

async function ended(child: ChildProcess): Promise<End> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve({ status, signal });
    });
  });
}

/** The probable cause of a signal that this program did not send. */
function reasonOf(signal: NodeJS.Signals): string {
  return signal === 'SIGKILL' ? ', as the kernel does where the container has no memory left' : '';
}

/**
 * Resident memory in bytes (proc(5), statm, in pages of at least 4 KiB); 0 if the system does not
 * report it.
 */
function memoryOf({ pid }: ChildProcess): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  } catch {
    return 0;
  }
}

function messageOf(stderr: string, folder: string): string {
  const text = stderr.replaceAll(`${folder}/`, '').replaceAll(folder, '.');
  return text.replace(/^Error: /, '').trim() || 'it printed nothing';
}
