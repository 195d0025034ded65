import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { quickJs } from '../engines/tool.ts';
import { eventually } from './eventually.ts';
import type { Namespace } from './namespace.ts';

/** One of the programs of fn/node, with its mounted data, in a namespace. */
export interface Program {
  readonly namespace: Namespace;
  readonly script: 'node-agent' | 'router' | 'wireguard' | 'resolver';
  /** Holds `config/`, `secret/`, `state/`, the files `hosts` and `resolv.conf` that names resolve by, and the log. */
  readonly directory: string;
  /** What it may do beside `net_admin`. */
  readonly capabilities?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Devices that the node does not have: a file is in place of each. */
  readonly withoutDevices?: readonly string[];
}

/** A program that was started; it is killed at the end of the block that holds it by `using`. */
export interface Running extends Program, Disposable {
  /** Everything it has printed. */
  readonly log: () => string;
  /** Ends it with a signal and returns its exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** The outcome of a verb that ends by itself. */
export interface Answer {
  readonly status: number | null;
  readonly output: string;
}

/** The values of a .env file, by key; `undefined` leaves a key out. */
export type Values = Readonly<Record<string, string | number | undefined>>;

/** The programs as they are built. */
const PROGRAMS = fileURLToPath(new URL('../../dist/node/gateway-network.mjs', import.meta.url));
const directories: string[] = [];

/** Prepares a program: its directories, and a hosts file that knows nobody. */
export function createProgram(program: Omit<Program, 'directory'>): Program {
  const directory = mkdtempSync(`${tmpdir()}/gwa-`);
  directories.push(directory);
  mkdirSync(`${directory}/config`);
  mkdirSync(`${directory}/state`);
  mkdirSync(`${directory}/wireguard`);
  mkdirSync(`${directory}/secret`);
  writeFileSync(`${directory}/hosts`, '');
  writeFileSync(`${directory}/resolv.conf`, 'nameserver 127.0.0.1\n');
  return { ...program, directory };
}

/** Removes the directories of all programs. */
export function removeDirectories(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** Writes a file of the program's ConfigMap. */
export function writeConfig({ directory }: Program, file: string, text: string): void {
  writeFileSync(`${directory}/config/${file}`, text);
}

/** The text of a .env file. */
export function envText(values: Values): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.map(([key, value]) => `${key}=${value}\n`).join('');
}

/** Says what names resolve to, by the lines of a hosts file. */
export function writeHosts({ directory }: Program, text: string): void {
  writeFileSync(`${directory}/hosts`, text);
}

/** Starts the program with the capabilities that its manifest gives it. */
export function start(program: Program): Running {
  const path = `${program.directory}/log`;
  const log = openSync(path, 'a');
  const child = spawn('ip', command(program, 'run'), { stdio: ['ignore', log, log], env: environment(program) });
  return {
    ...program,
    log: () => readFileSync(path, 'utf8'),
    stop: (signal = 'SIGTERM') => stop(child, signal),
    [Symbol.dispose]: () => child.kill('SIGKILL'),
  };
}

/** Runs a verb that ends by itself. */
export function ask(program: Program, ...verb: readonly string[]): Answer {
  const options = { encoding: 'utf8', env: environment(program) } as const;
  const { status, stdout, stderr } = spawnSync('ip', command(program, ...verb), options);
  return { status, output: (stdout + stderr).trim() };
}

/** What the readiness probe prints, except for the fingerprint of the configuration. */
export function readiness(program: Program): string {
  return ask(program, 'ready').output.replace(/ \(configuration [\da-f]{16}\)$/, '');
}

/** Waits until the program has found what is expected, then asks the readiness probe for it. */
export async function untilReady(program: Program, expected: string | RegExp = /^ready$/): Promise<void> {
  await eventually(() => {
    expect(found(program)).toMatch(expected);
    expect(readiness(program)).toMatch(expected);
  });
}

/** What the last pass has found. */
function found({ directory, script, environment: own }: Program): string {
  const file = script === 'wireguard' ? 'wireguard.status' : 'status';
  const path = `${own['STATE_DIR'] ?? `${directory}/state`}/${file}`;
  return existsSync(path) ? (readFileSync(path, 'utf8').split('\n', 1)[0]?.replace(/^\d+ /, '') ?? '') : '';
}

function command(program: Program, ...verb: readonly string[]): string[] {
  const { namespace, script, directory, capabilities = [], withoutDevices = [] } = program;
  // wireguard-go listens at a path by the name of its interface, which others have as well.
  const hiding = withoutDevices.map((path) => `mount --bind "$0/hosts" ${path} || exit; `).join('');
  const mounts =
    'for file in hosts resolv.conf; do mount --bind "$0/$file" "/etc/$file" || exit; done; mkdir -p /run/wireguard /etc/wireguard; mount --bind "$0/wireguard" /run/wireguard; mount --bind "$0/secret" /etc/wireguard; exec "$@"';
  const powers = ['-all', '+net_admin', ...capabilities.map((name) => `+${name}`)].join(',');
  const confined = `setpriv --inh-caps=${powers} --bounding-set=${powers} --no-new-privs`.split(' ');
  return [
    ...`netns exec ${namespace} sh -c`.split(' '),
    hiding + mounts,
    directory,
    ...confined,
    ...quickJs(),
    PROGRAMS,
    script,
    ...verb,
  ];
}

function environment({ directory, environment: own }: Program): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    CONFIG_DIR: `${directory}/config`,
    STATE_DIR: `${directory}/state`,
    INTERVAL: '1',
    LEAVE_TIMEOUT: '2',
    ...own,
  };
}

function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill(signal);
  });
}
