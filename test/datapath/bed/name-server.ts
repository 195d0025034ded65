import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Namespace } from '../../agent/namespace.ts';
import { waitUntil } from '../image/wait.ts';

/** A name server outside the cluster, which remembers what it was asked. */
export interface NameServer extends Disposable {
  /** The names that it was asked for since it was started, and by whom. */
  readonly questions: () => readonly { readonly name: string; readonly from: string }[];
  /** Ends it; nobody answers at its address. */
  readonly kill: () => Promise<void>;
}

/**
 * How many addresses {@link LARGE} has: more than 512 bytes hold, so that it is asked for again
 * over TCP (RFC 1035, section 4.2.1).
 */
export const LARGE_COUNT = 60;
export const LARGE = 'large.example';

/** Knows each of `records`, lines "address name", and a name with many addresses. */
export function startNameServer(namespace: Namespace, directory: string, records: readonly string[]): NameServer {
  const folder = mkdtempSync(`${directory}/name-server-`);
  const many = Array.from({ length: LARGE_COUNT }, (_, index) => `198.51.100.${100 + index} ${LARGE}`);
  writeFileSync(`${folder}/records`, [...records, ...many].map((record) => `${record}\n`).join(''));
  const options = `--keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --addn-hosts=${folder}/records --user=root
    --pid-file=${folder}/pid --log-facility=${folder}/log --log-queries --local=/#/ --cache-size=0`;
  const server: ChildProcess = spawn('ip', ['netns', 'exec', namespace, 'dnsmasq', ...options.split(/\s+/)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  if (!waitUntil(() => existsSync(`${folder}/pid`), 10_000)) throw new Error('the name server does not start');
  return {
    questions: () => {
      const log = readFileSync(`${folder}/log`, 'utf8');
      return [...log.matchAll(/ query\[\w+\] (\S+) from (\S+)/g)].map(([, name = '', from = '']) => ({ name, from }));
    },
    kill: () => {
      server.kill('SIGKILL');
      return ended;
    },
    [Symbol.dispose]: () => {
      server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
