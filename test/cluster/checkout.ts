import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Cluster } from './cluster.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of one example in a folder like the root of a checkout, and a shell there as a reader of its README has. */
export interface Checkout {
  readonly folder: string;
  /** The commands that the README prints. */
  readonly printed: string;
  /** Runs commands where the README says, and gives what they print; throws, with what they say, when they fail. */
  readonly shell: (commands: string, input?: string) => Promise<string>;
}

/** @param programs those on the PATH beside the system's, by their names */
export function checkOut(cluster: Cluster, example: string, programs: Readonly<Record<string, string>>): Checkout {
  const root = mkdtempSync(join(cluster.folder, 'checkout-'));
  const folder = join(root, 'examples', example);
  const source = join(ROOT, 'examples', example);
  cpSync(source, folder, { recursive: true, filter: (path) => basename(path) !== '.expected' });
  mkdirSync(join(root, 'bin'));
  const all = { ...programs, 'gateway-network-fn': join(ROOT, 'dist/gateway-network-fn') };
  for (const [name, path] of Object.entries(all)) symlinkSync(path, join(root, 'bin', name));
  const readme = readFileSync(join(source, 'README.md'), 'utf8');
  const env = { ...process.env, PATH: `${root}/bin:${process.env['PATH']}`, KUBECONFIG: cluster.kubeconfig };
  const cwd = /in this folder,/i.test(readme) ? folder : root;
  return {
    folder,
    printed: [...readme.matchAll(/^```sh\n([^]*?)^```/gm)].map(([, block]) => block).join(''),
    shell: async (commands, input) => {
      const options = { cwd, env, maxBuffer: 2 ** 26 };
      const running = promisify(execFile)('bash', ['-eu', '-o', 'pipefail', '-c', commands], options);
      running.child.stdin?.end(input);
      return (await running).stdout;
    },
  };
}

/** Changes files of the copy, by their names, or adds them. */
export function writeFiles({ folder }: Checkout, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** The manifests in a folder, namespaces first, those left out that are never applied. */
export function manifestsIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((text) => !text.includes('config.kubernetes.io/local-config: "true"'))
    .toSorted((one, other) => Number(isNamespace(other)) - Number(isNamespace(one)))
    .join('\n---\n');
}

function isNamespace(text: string): boolean {
  return /^kind: Namespace$/m.test(text);
}
