import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import type { Namespace } from '../../agent/namespace.ts';
import { waitUntil } from '../image/wait.ts';

/** The cluster's name server: dnsmasq in a pod, with a line "address name" for each record. */
export interface Dns extends Disposable {
  /** Replaces all records. */
  readonly write: (records: readonly string[]) => void;
}

export const CLUSTER_DOMAIN = 'cluster.local';

/** A domain in which every name has the same address. */
export interface Wildcard {
  readonly domain: string;
  readonly address: string;
}

/** `upstreams` are asked for names outside, of which it knows one itself. */
export function startDns(
  pod: Namespace,
  directory: string,
  upstreams: readonly string[] = [],
  wildcards: readonly Wildcard[] = [],
): Dns {
  const hosts = `${directory}/records`;
  writeFileSync(hosts, '');
  const options = `--keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --addn-hosts=${hosts} --user=root --pid-file=${directory}/dns.pid
    --local=/${CLUSTER_DOMAIN}/ --address=/internet.example/203.0.113.10`;
  const servers = [
    ...upstreams.map((address) => `--server=${address}`),
    ...wildcards.map(({ domain, address }) => `--address=/${domain}/${address}`),
  ];
  const server: ChildProcess = spawn('ip', ['netns', 'exec', pod, 'dnsmasq', ...options.split(/\s+/), ...servers], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // Before it has started, the signal that it reads its records by would end it.
  if (!waitUntil(() => existsSync(`${directory}/dns.pid`), 10_000)) throw new Error('the name server does not start');
  return {
    write: (records) => {
      writeFileSync(hosts, records.map((record) => `${record}\n`).join(''));
      server.kill('SIGHUP');
    },
    [Symbol.dispose]: () => server.kill('SIGKILL'),
  };
}
