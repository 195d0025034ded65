import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const HOME = 'https://github.com/gateway-network-fn/gateway-network-fn';

/** The one place of the version, such as `0.1.0`. */
export function version(root = ROOT): string {
  return (JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }).version;
}

/** What is released: of which commit, and when that was made. */
export interface Commit {
  /** Its hash; `unknown` where there is neither git nor `REVISION`. */
  readonly revision: string;
  /** In seconds since 1970: the time of everything that is built. */
  readonly seconds: number;
}

/** `REVISION` and `SOURCE_DATE_EPOCH` of the environment, else those of the commit that is checked out. */
export function commit(): Commit {
  const { REVISION, SOURCE_DATE_EPOCH } = process.env;
  const [revision, seconds] =
    REVISION !== undefined && SOURCE_DATE_EPOCH !== undefined
      ? [REVISION, SOURCE_DATE_EPOCH]
      : git('log', '-1', '--format=%H %ct').split(' ');
  return { revision: REVISION ?? revision ?? 'unknown', seconds: Number(SOURCE_DATE_EPOCH ?? seconds ?? 0) };
}

function git(...args: string[]): string {
  return execFileSync('git', ['-C', ROOT, ...args], { encoding: 'utf8' }).trim();
}

/** Seconds since 1970 as RFC 3339 has it, to the second. */
export function timestamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}
