import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type ContainerSpec, ociConfig } from './oci-config.ts';
import { waitUntil } from './wait.ts';

/** A container that was started. It is killed when it is removed, or with this process at the latest. */
export interface Container {
  readonly id: string;
  /** Everything it has printed. */
  readonly log: () => string;
  /** Runs a command in it, with its user, capabilities and environment, as an exec probe does. */
  readonly exec: (args: readonly string[]) => Answer;
  /** The same, while other code has its turn; gives the exit code. */
  readonly execute: (args: readonly string[]) => Promise<number | null>;
  /** Sends a signal to its first process; nothing happens when that has ended. */
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Waits for its end and gives its exit code, 128 and the number of a signal that ended it. */
  readonly ended: () => Promise<number>;
  /** Waits for its end without giving other code a turn; nothing when it has not ended in time. */
  readonly wait: () => number | undefined;
  /** The ids of its processes, as the machine numbers them. */
  readonly processes: () => readonly number[];
  /** Kills all that runs in it; nothing is left. */
  readonly remove: () => void;
}

/** The outcome of a command. */
export interface Answer {
  readonly status: number | null;
  readonly output: string;
}

const PREFIX = 'gwd-';
/** Where runc keeps what it knows of containers. */
const STATE = '/run/gateway-network-fn-containers';
/** How long a container may take to start, in milliseconds. */
const PATIENCE = 10_000;
/** How long a command in a container may take, in milliseconds. */
const COMMAND_PATIENCE = 30_000;

const started = new Set<string>();
let count = 0;

/**
 * The image stays as it is beneath a layer of the container's own. The mount is made in a mount
 * namespace that ends with the
 * container, so that it never outlives it. $0 is the bundle, then come the image and the container's id.
 */
const RUN = `
  mount -t overlay -o "lowerdir=$1,upperdir=$0/upper,workdir=$0/work" overlay "$0/rootfs" &&
    runc --root ${STATE} run --bundle "$0" --pid-file "$0/pid" "$2"
  code=$?
  echo "$code" >"$0/code.new" && mv "$0/code.new" "$0/code"
  test -e "$0/pid" || touch "$0/failed"
  exit "$code"
`;

/**
 * Starts a container and returns when its first process runs. Throws, with what was said, where it
 * cannot be started.
 */
export function startContainer(spec: ContainerSpec): Container {
  if (count === 0) {
    removeOrphans();
    process.on('exit', removeContainers);
  }
  const id = `${PREFIX}${process.pid}-${count++}`;
  const bundle = bundleOf(id);
  const config = ociConfig(spec, `${bundle}/rootfs`);
  for (const folder of ['rootfs', 'upper', 'work']) mkdirSync(`${bundle}/${folder}`, { recursive: true });
  writeFileSync(`${bundle}/config.json`, JSON.stringify(config));
  const log = openSync(`${bundle}/log`, 'a');
  const child = spawn('unshare', ['--mount', 'sh', '-c', RUN, bundle, spec.rootfs, id], {
    stdio: ['ignore', log, log],
  });
  started.add(id);
  const exit = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  const text = () => readFileSync(`${bundle}/log`, 'utf8');
  if (!hasStarted(bundle)) {
    const said = text();
    remove(id);
    throw new Error(`the container ${spec.name} does not start: ${said}`);
  }
  return {
    id,
    log: text,
    exec: (args) => runc('exec', id, ...args),
    execute: async (args) => {
      const [code] = await once(spawn('runc', ['--root', STATE, 'exec', id, ...args], { stdio: 'ignore' }), 'exit');
      return code as number | null;
    },
    kill: (signal) => void runc('kill', id, signal),
    ended: () => exit,
    wait: () => {
      const code = `${bundle}/code`;
      return waitUntil(() => existsSync(code), COMMAND_PATIENCE) ? Number(readFileSync(code, 'utf8')) : undefined;
    },
    processes: () => {
      const { status, output } = runc('ps', '--format', 'json', id);
      return status === 0 ? (JSON.parse(output) as number[]) : [];
    },
    remove: () => remove(id),
  };
}

/** Removes all containers of this process. */
export function removeContainers(): void {
  for (const id of started) remove(id);
}

/** Whether a container has started before the patience for it was over. */
function hasStarted(bundle: string): boolean {
  const isOver = () => existsSync(`${bundle}/pid`) || existsSync(`${bundle}/failed`);
  return waitUntil(isOver, PATIENCE) && existsSync(`${bundle}/pid`);
}

function runc(...args: readonly string[]): Answer {
  const options = { encoding: 'utf8', timeout: COMMAND_PATIENCE } as const;
  const { status, stdout, stderr } = spawnSync('runc', ['--root', STATE, ...args], options);
  return { status, output: (stdout + stderr).trim() };
}

function remove(id: string): void {
  runc('delete', '--force', id);
  rmSync(bundleOf(id), { recursive: true, force: true, maxRetries: 5 });
  started.delete(id);
}

function bundleOf(id: string): string {
  return `${tmpdir()}/${id}`;
}

/** Removes what test runs left behind that were killed. */
function removeOrphans(): void {
  const names = [STATE, tmpdir()].flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
  const ids = new Set(names.filter((name) => /^gwd-\d+-\d+$/.test(name)));
  for (const id of ids) if (!existsSync(`/proc/${id.split('-')[1]}`)) remove(id);
}
