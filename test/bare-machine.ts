import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ROOT } from './commands/command.ts';

/** What a command has left: its exit status, and what it printed. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface BareMachine {
  /** The folder that is its root. */
  readonly root: string;
  /** Runs a command line in its copy of the repository, as a user by number. */
  readonly run: (command: string, user?: number) => Promise<Ended>;
}

/** In namespaces of its own: what it starts ends with it, and it reaches no network but itself. */
const NAMESPACES = ['--mount', '--pid', '--ipc', '--uts', '--net', '--fork', '--kill-child'];
const ENTER = `set -e
root=$1 cache=$2 user=$3 command=$4
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$cache" "$root/npm-cache"
ip link set lo up
exec chroot --userspec="$user:$user" --groups="$user" "$root" /usr/bin/env -i HOME=/src PATH=/usr/bin:/bin:/usr/sbin:/sbin \\
  npm_config_cache=/npm-cache npm_config_offline=true sh -c "cd /src && $command"`;

/**
 * A Debian with nothing but the Node and npm of this machine, and a copy of the repository as a
 * clone has it. Packages come from the
 * cache of npm.
 *
 * @param base the archive of the Debian system
 * @param node the Node of this machine
 * @param npm its npm
 */
export function createBareMachine(base: string, node: string, npm: string): BareMachine {
  const root = mkdtempSync(join(tmpdir(), 'gwn-bare-'));
  execFileSync('tar', ['-C', root, '-xf', base]);
  chmodSync(root, 0o755);
  cpSync(realpathSync(node), join(root, 'usr/bin/node'));
  // <prefix>/lib/node_modules/npm/bin/npm-cli.js
  const modules = join(root, 'usr/lib/node_modules');
  cpSync(dirname(dirname(realpathSync(npm))), join(modules, 'npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/bin/npm'));
  for (const folder of ['src', 'npm-cache']) mkdirSync(join(root, folder));
  const ignored = new Set(['.git', '.cache', 'coverage', 'dist', 'node_modules']);
  for (const name of readdirSync(ROOT).filter((each) => !ignored.has(each))) {
    const filter = (path: string) => !ignored.has(basename(path));
    cpSync(join(ROOT, name), join(root, 'src', name), { recursive: true, verbatimSymlinks: true, filter });
  }
  const cache = execFileSync(npm, ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();

  const run = (command: string, user = 0): Promise<Ended> => {
    const start = performance.now();
    const enter = ['--pdeathsig', 'KILL', 'unshare', ...NAMESPACES, 'sh', '-c', ENTER, 'sh'];
    const child = spawn('setpriv', [...enter, root, cache, String(user), command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => (printed[stream] += text));
    }
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) =>
        resolve({ status, ...printed, seconds: Math.round((performance.now() - start) / 1000) }),
      );
    });
  };
  return { root, run };
}
