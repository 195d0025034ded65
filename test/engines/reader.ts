import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT } from '../commands/command.ts';
import { type Block, blocksOf, read } from '../documents/page.ts';
import { folderOf } from './folder.ts';
import { FUNCTION, output } from './program.ts';

/** Somebody who types what a page prints. */
export interface Reader {
  readonly run: (
    block: Pick<Block, 'text' | 'marks'>,
  ) => Promise<{ readonly status: number; readonly printed: string }>;
  /** Writes a file of the folder. */
  readonly write: (name: string, text: string) => void;
}

export interface ReaderOptions {
  /** Of the cluster that the reader has; none unless given. */
  readonly kubeconfig?: string;
}

/** What a reader has of this repository, and what pages call their own: networks, kustomizations, a package of kpt. */
const FOLDERS = {
  examples: 'examples',
  deploy: 'deploy',
  schemas: 'schemas',
  networks: 'examples/multi-node',
  overlays: 'examples/kustomize-transformer',
  package: 'examples/kpt-package',
};

/**
 * A folder as the root of a checkout, under git with a repository to push to, with the files of a page: its blocks of
 * YAML that begin with the name of a file.
 *
 * @param programs those on the PATH beside the system's, by their names
 */
export function readerOf(
  page: string,
  programs: Readonly<Record<string, string>>,
  { kubeconfig }: ReaderOptions = {},
): Reader {
  const home = folderOf({});
  const root = join(home, 'checkout');
  const withoutExpected = (path: string) => !['.expected', 'README.md'].includes(basename(path));
  for (const [name, source] of Object.entries(FOLDERS))
    cpSync(join(ROOT, source), join(root, name), { recursive: true, filter: withoutExpected });
  for (const { text } of blocksOf(read(page))) {
    const [, name] = /^# ([\w./-]+\.ya?ml)\n/.exec(text) ?? [];
    if (name !== undefined) write(join(root, name), text);
  }
  mkdirSync(join(home, 'bin'));
  for (const [name, path] of Object.entries({ ...programs, 'gateway-network-fn': FUNCTION }))
    symlinkSync(path, join(home, 'bin', name));
  const env = { PATH: `${home}/bin:${process.env['PATH']}`, HOME: home, KUBECONFIG: kubeconfig ?? join(home, 'none') };
  if (programs['git'] !== undefined) underGit(root, env);
  return {
    write: (name, text) => write(join(root, name), text),
    run: async ({ text, marks }) => {
      const cwd = join(root, marks['run in'] ?? '.');
      const args = ['-eu', '-o', 'pipefail', '-c', `exec 2>&1 </dev/null\n${text}`];
      return new Promise((resolve) => {
        const running = execFile('bash', args, { cwd, env, maxBuffer: 2 ** 26 }, (_, printed) => {
          resolve({ status: running.exitCode ?? -1, printed });
        });
      });
    },
  };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function underGit(root: string, env: Readonly<Record<string, string>>): void {
  const script = `
    git init --quiet --initial-branch=main
    git config user.name reader
    git config user.email reader@example.com
    git init --quiet --bare ../origin
    git remote add origin ../origin
    git add .
    git commit --quiet --message=networks
    git push --quiet --set-upstream origin main
  `;
  output('bash', ['-eu', '-c', script], { cwd: root, env });
}
