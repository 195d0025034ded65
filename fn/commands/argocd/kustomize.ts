import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { LIMITS, mebibytes } from '../../yaml/limits.ts';
import { UsageError } from '../../files/usage-error.ts';
import { decode } from '../../files/decode.ts';

/** How long a build may take, in milliseconds: less than the 60 s after which Argo CD gives up without a reason. */
const MAX_TIME = 45_000;
/** What a build may use, in bytes: some twenty times what it needs for as much as is read at most of a usual application. */
const MAX_MEMORY = 1024 * 1024 * 1024;
/** What it may print, in bytes. */
const MAX_OUTPUT = LIMITS.INPUT;
/** The interval in which its memory is checked, in milliseconds. */
const INTERVAL = 20;

/**
 * Prints what `kustomize build` makes of a directory of a folder, without plugins, functions and Helm. It gets no variables but those
 * here: no git on PATH to fetch with, and a proxy that nobody listens at, since nothing is to come from elsewhere. What it says of paths
 * is said from the folder on. Throws UsageError where it fails, is killed, or takes too long or too much.
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
    // Whoever else holds the other ends is not waited for.
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

/** Entries of PATH that are not absolute would be looked for in the repository. */
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

/** How a process came to its end. */
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

/** Who sends a signal that we did not. */
function reasonOf(signal: NodeJS.Signals): string {
  return signal === 'SIGKILL' ? ', as the kernel does where the container has no memory left' : '';
}

/** Resident bytes (proc(5), statm, in pages of 4 KiB at least); none where the system does not say. */
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
