import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import type { ReachedServer } from '../api-server/api-server.ts';
import { applied } from '../api-server/apply.ts';
import { freePort } from '../engines/free-port.ts';
import { call, type Any } from './kube.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/flux/controller.mjs', import.meta.url));
const DEPLOY = fileURLToPath(new URL('../../deploy/flux', import.meta.url));

/**
 * As in its pod: a user without rights, and nothing can be written but the store. The shell's `$0`
 * is the store. The kernel ends the
 * process with the one that started it.
 */
const CONFINED = `
chown 65534:65534 "$0"
mount --bind "$0" "$0"
mount -o remount,bind,ro /
exec setpriv --pdeathsig KILL --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set -all "$@"`;

/** The controller under test, built by `npm run build`. */
export interface ControllerProcess {
  readonly pid: number;
  readonly storage: string;
  readonly url: string;
  /** What it has logged, line by line. */
  readonly logs: () => readonly string[];
  readonly isReady: () => Promise<boolean>;
  /** Waits until it is. Throws with the logs where that takes more than 20 seconds. */
  readonly untilReady: () => Promise<void>;
  readonly metrics: () => Promise<string>;
  /** The most memory that it has had resident, in bytes. */
  readonly peakMemory: () => number;
  /** Ends it by a signal and gives its exit status. */
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>;
}

export interface StartOptions {
  /** The directory of its store; a new one unless given. */
  readonly storage?: string;
  /** The port of its store; a free one unless given. */
  readonly port?: number;
  /** How consumers reach its store; directly unless given. */
  readonly advertised?: string;
  readonly args?: readonly string[];
}

/** A kubeconfig with the rights of the Deployment's ServiceAccount, and no others. */
export async function kubeconfigOfController(cluster: ReachedServer, folder: string): Promise<string> {
  await applied(cluster, 'apiVersion: v1\nkind: Namespace\nmetadata: {name: flux-system}\n');
  for (const document of parseAllDocuments(readFileSync(`${DEPLOY}/rbac.yaml`, 'utf8')))
    await applied(cluster, String(document));
  const path = '/api/v1/namespaces/flux-system/serviceaccounts/gateway-network-flux/token';
  const { status } = await call(cluster, 'POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  });
  const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as { users: { user: { token: string } }[] };
  for (const { user } of config.users) user.token = status.token;
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, JSON.stringify(config));
  chmodSync(folder, 0o755);
  return file;
}

/** Starts the controller; it ends with {@link ControllerProcess.kill} or with this process. */
export async function startController(kubeconfig: string, options: StartOptions = {}): Promise<ControllerProcess> {
  const { storage = mkdtempSync(join(tmpdir(), 'gwn-flux-store-')), port = await freePort(), args = [] } = options;
  const [health, logs] = [await freePort(), [] as string[]];
  const flags = [
    `--storage-path=${storage}`,
    `--storage-addr=127.0.0.1:${port}`,
    `--storage-adv-addr=${options.advertised ?? `127.0.0.1:${port}`}`,
    `--health-addr=127.0.0.1:${health}`,
    ...args,
  ];
  const child: ChildProcess = spawn(
    'unshare',
    ['--mount', 'sh', '-euc', CONFINED, storage, process.execPath, PROGRAM, ...flags],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfig, NODE_OPTIONS: nodeOptions() },
    },
  );
  let rest = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    logs.push(...lines);
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const healthy = async (path: string) => fetch(`http://127.0.0.1:${health}${path}`);
  const isReady = async () =>
    healthy('/readyz').then(
      ({ ok }) => ok,
      () => false,
    );
  return {
    pid: child.pid ?? 0,
    storage,
    url: `http://127.0.0.1:${port}`,
    logs: () => logs,
    isReady,
    untilReady: async () => {
      for (let attempt = 0; !(await isReady()); attempt += 1) {
        if (attempt === 400) throw new Error(`not ready after 20 s:\n${logs.join('\n')}`);
        await sleep(50);
      }
    },
    metrics: async () => (await healthy('/metrics')).text(),
    peakMemory: () => Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    kill: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [status] = await exited;
      return status;
    },
  };
}

/** What the Deployment gives to Node. */
function nodeOptions(): string {
  const { spec } = parse(readFileSync(`${DEPLOY}/deployment.yaml`, 'utf8'));
  return spec.template.spec.containers[0].env.find(({ name }: Any) => name === 'NODE_OPTIONS').value;
}

/** Removes a store. */
export function removeStore({ storage }: ControllerProcess): void {
  rmSync(storage, { recursive: true, force: true });
}
