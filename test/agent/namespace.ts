import { execFileSync } from 'node:child_process';

/** The name of a network namespace. */
export type Namespace = string;

const PREFIX = 'gwa-';
const created = new Set<Namespace>();
let count = 0;

/**
 * Makes a network namespace with its loopback up. It goes with {@link removeNamespaces}, or with
 * this process at the latest.
 */
export function createNamespace(): Namespace {
  const name = newName();
  execFileSync('ip', ['netns', 'add', name]);
  created.add(name);
  run(name, 'ip link set lo up');
  return name;
}

/** Gives the network namespace of a process a name, under which it stays until it is removed like the others. */
export function attachNamespace(pid: number): Namespace {
  const name = newName();
  execFileSync('ip', ['netns', 'attach', name, String(pid)]);
  created.add(name);
  return name;
}

function newName(): Namespace {
  if (count === 0) {
    removeOrphans();
    process.on('exit', removeNamespaces);
  }
  return `${PREFIX}${process.pid}-${count++}`;
}

/** Makes a namespace of a name that was removed. */
export function recreateNamespace(name: Namespace): void {
  execFileSync('ip', ['netns', 'add', name]);
  created.add(name);
  run(name, 'ip link set lo up');
}

/** Runs a shell command line in a namespace and returns what it prints; throws when it fails. */
export function run(namespace: Namespace, command: string): string {
  return execFileSync('ip', ['netns', 'exec', namespace, 'sh', '-c', command], { encoding: 'utf8', stdio: 'pipe' });
}

/** Like {@link run}, for a command that may fail: nothing when it does. */
export function tryRun(namespace: Namespace, command: string): string | undefined {
  try {
    return run(namespace, command);
  } catch {
    return undefined;
  }
}

/** Joins two namespaces by a pair of interfaces that are up. */
export function join(one: Namespace, interfaceOfOne: string, other: Namespace, interfaceOfOther: string): void {
  const pair = `type veth peer name ${interfaceOfOther} netns ${other}`;
  execFileSync('ip', ['-n', one, 'link', 'add', interfaceOfOne, ...pair.split(' ')]);
  execFileSync('ip', ['-n', one, 'link', 'set', interfaceOfOne, 'up']);
  execFileSync('ip', ['-n', other, 'link', 'set', interfaceOfOther, 'up']);
}

/** Removes the namespaces of this process and kills what runs in them. */
export function removeNamespaces(): void {
  for (const name of created) remove(name);
  created.clear();
}

/** The ids of the processes in a namespace. */
export function processes(namespace: Namespace): number[] {
  const lines = execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' }).split('\n');
  return lines.filter(Boolean).map(Number);
}

/** Sends a signal to all that runs in a namespace. */
export function signal(namespace: Namespace, name: NodeJS.Signals): void {
  for (const pid of processes(namespace)) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended by itself.
    }
  }
}

/** Removes one namespace and kills what runs in it. */
export function removeNamespace(name: Namespace): void {
  created.delete(name);
  remove(name);
}

function remove(name: Namespace): void {
  signal(name, 'SIGKILL');
  execFileSync('ip', ['netns', 'del', name]);
}

/** Removes what test runs left behind that were killed. Another process may do so at the same time. */
function removeOrphans(): void {
  const names = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).match(/^gwa-\d+-\d+/gm) ?? [];
  for (const name of names) {
    if (isRunning(Number(name.split('-')[1]))) continue;
    try {
      remove(name);
    } catch {
      // It has gone meanwhile.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
