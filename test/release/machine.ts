import { spawnSync } from 'node:child_process';
import type { Ended } from '../engines/program.ts';

/** The commands of the first block of a page, one a line. */
export function firstCommands(page: string): readonly string[] {
  const [, block = ''] = /^```sh\n([^]*?)\n```$/m.exec(page) ?? [];
  return block.replaceAll('\\\n', ' ').split('\n');
}

/** Bun needs what a machine has: processes, and random bytes. */
const ENTER = `set -e
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
exec chroot "$1" /usr/bin/env -i HOME=/root PATH=/usr/bin:/bin sh -e -c "cd /root
$2"`;

/** Runs lines of a shell in a folder that is a root, as its user root, with no network and no variable of ours. */
export function runInRoot(root: string, script: string): Ended {
  const enter = ['--mount', '--pid', '--net', '--fork', '--kill-child', 'sh', '-c', ENTER, 'sh', root, script];
  const { status, stdout, stderr } = spawnSync('unshare', enter, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { status: status ?? -1, stdout, stderr };
}
