import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../engines/free-port.ts';
import { type Access, request } from './request.ts';

/** An API server, and how it is reached. */
export interface ReachedServer extends Access {
  /** A file by which any client of Kubernetes reaches it, as a user of the group system:masters. */
  readonly kubeconfig: string;
}

/** A Kubernetes API server on loopback with an etcd of its own; no controllers and no scheduler run beside it. */
export interface ApiServer extends ReachedServer {
  /** Ends the API server as a crash would and starts it again at the same address; etcd keeps running. */
  restart(): Promise<void>;
  /** The processor time that the API server has taken since it was started, in milliseconds. */
  cpuTime(): number;
  /** Ends both and removes all that they wrote. */
  stop(): Promise<void>;
}

/** How long a start may take, in milliseconds; some five seconds are usual. */
const PATIENCE = 120_000;

/**
 * Starts etcd and kube-apiserver, and comes back when the server is ready. Both end with {@link
 * ApiServer.stop} or with this process,
 * however it ends. Throws, with what they logged, where they do not get ready.
 */
export async function startApiServer(etcd: string, kubeApiserver: string): Promise<ApiServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToStart(etcd, kubeApiserver);
    } catch (error) {
      // Somebody else may take a port between the moment when it was free and the one when it is used.
      if (attempt === 3 || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function tryToStart(etcd: string, kubeApiserver: string): Promise<ApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gwn-api-server-'));
  const running = new Map<string, ChildProcess>();
  const start = (name: string, program: string, args: readonly string[]): void => {
    running.set(name, spawnWithParent(program, args, join(folder, `${name}.log`)));
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [storage, port] = [await freePort(), await freePort()];
    const token = randomBytes(16).toString('hex');
    const args = serverArgs(folder, storage, port, token);
    start('etcd', etcd, etcdArgs(folder, storage));
    start('kube-apiserver', kubeApiserver, args);
    const access = { url: `https://127.0.0.1:${port}`, token, ca: '' };
    const ready = async (): Promise<string> => untilReady(folder, access, [...running]);
    const ca = await ready();
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, kubeconfigOf({ ...access, ca }));
    const restart = async (): Promise<void> => {
      const server = running.get('kube-apiserver');
      if (server !== undefined) await end(server);
      start('kube-apiserver', kubeApiserver, args);
      await ready();
    };
    const cpuTime = (): number => cpuTimeOf(running.get('kube-apiserver')?.pid ?? 0);
    return { ...access, ca, kubeconfig, restart, cpuTime, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function etcdArgs(folder: string, port: number): readonly string[] {
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${port}`,
    `--advertise-client-urls=http://127.0.0.1:${port}`,
    '--listen-peer-urls=http://127.0.0.1:0',
    '--unsafe-no-fsync',
  ];
}

/**
 * The server makes a certificate for itself in the folder. ServiceAccount is off: no controller
 * makes the accounts that it asks for.
 */
function serverArgs(folder: string, storage: number, port: number, token: string): readonly string[] {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  return [
    `--etcd-servers=http://127.0.0.1:${storage}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${folder}`,
    `--token-auth-file=${write('tokens.csv', `${token},admin,admin,system:masters\n`)}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${write('service-accounts.pub', publicKey)}`,
    `--service-account-signing-key-file=${write('service-accounts.key', privateKey)}`,
    '--service-cluster-ip-range=10.96.0.0/16,fd00:96::/112',
    '--endpoint-reconciler-type=none',
    '--disable-admission-plugins=ServiceAccount',
    '--allow-privileged=true',
  ];
}

/** Starts a program that the kernel ends with the thread that started it. */
function spawnWithParent(program: string, args: readonly string[], log: string): ChildProcess {
  const output = openSync(log, 'a');
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], { stdio: ['ignore', output, output] });
  closeSync(output);
  return child;
}

/** User and system time of a process (proc(5), fields 14 and 15 of `stat`); a clock tick has ten milliseconds. */
function cpuTimeOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Waits until the server says that it is ready, and gives its certificate. */
async function untilReady(
  folder: string,
  access: Access,
  running: readonly (readonly [string, ChildProcess])[],
): Promise<string> {
  const deadline = Date.now() + PATIENCE;
  while (Date.now() < deadline) {
    const ended = running.find(([, child]) => child.exitCode !== null || child.signalCode !== null);
    if (ended !== undefined) throw new Error(`${ended[0]} ended:\n${lastLines(folder, ended[0])}`);
    try {
      const ca = readFileSync(join(folder, 'apiserver.crt'), 'utf8');
      if ((await request({ ...access, ca }, 'GET', '/readyz')).status === 200) return ca;
    } catch {
      // No certificate yet, or nobody listens yet.
    }
    await sleep(100);
  }
  throw new Error(`kube-apiserver is not ready after ${PATIENCE / 1000} s:\n${lastLines(folder, 'kube-apiserver')}`);
}

function lastLines(folder: string, name: string): string {
  return readFileSync(join(folder, `${name}.log`), 'utf8')
    .split('\n')
    .slice(-30)
    .join('\n');
}

/** JSON is YAML, which kubeconfig files are read as. */
function kubeconfigOf({ url, ca, token }: Access): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  });
}
