import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The user of the sidecar. */
const USER = { uid: 999, gid: 999 };
const READY_MS = 20_000;

/** A running cmp-server, or several, and Argo CD's client beside them. */
export interface Server {
  /** Asks one after the other, with Argo CD's own code. */
  readonly ask: (...questions: readonly Question[]) => readonly Answer[];
  /** The folder in which the servers keep checkouts. */
  readonly work: string;
  /** Their /tmp. */
  readonly temporary: string;
  readonly pids: readonly number[];
  readonly stop: () => Promise<void>;
}

/** See test/tools/cmp-client. */
export interface Question {
  readonly ask: 'manifests' | 'parameters';
  readonly repository: string;
  readonly application: unknown;
  readonly useManifestGeneratePaths?: boolean;
}

export interface Answer {
  readonly manifests?: readonly string[];
  readonly sourceType?: string;
  readonly parameters?: readonly { readonly name: string; readonly map?: Readonly<Record<string, string>> }[];
  readonly error?: string;
  readonly milliseconds: number;
}

/**
 * Starts a server for each plugin.yaml, with programs as all of their PATH. `tools` is the folder
 * with the server and its client.
 */
export async function serve(tools: string, programs: string, plugins: readonly string[]): Promise<Server> {
  const top = mkdtempSync(join(tmpdir(), 'gwn-cmp-server-'));
  chmodSync(top, 0o755);
  const folder = (name: string): string => {
    const path = join(top, name);
    mkdirSync(path);
    chownSync(path, USER.uid, USER.gid);
    return path;
  };
  const [sockets, work, temporary, client] = [folder('plugins'), folder('work'), folder('tmp'), folder('client')];
  const program = join(top, 'argocd-cmp-server');
  cpSync(join(tools, 'argocd-cmp-server'), program);
  const env = { PATH: programs, ARGOCD_PLUGINSOCKFILEPATH: sockets, ARGOCD_CMP_WORKDIR: work, TMPDIR: temporary };
  const children = plugins.map((plugin, index) => {
    const config = folder(`config-${index}`);
    cpSync(plugin, join(config, 'plugin.yaml'));
    const own = plugins.length > 1 ? { ...env, ARGOCD_CMP_WORKDIR: folder(`work-${index}`) } : env;
    return spawn(program, ['--config-dir-path', config, '--loglevel', 'error'], {
      env: own,
      stdio: 'ignore',
      cwd: top,
      ...USER,
    });
  });
  const deadline = Date.now() + READY_MS;
  const names = spawnSync('sed', ['-n', 's/^  name: //p', ...plugins], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n');
  while (!names.every((name) => existsSync(join(sockets, `${name}.sock`)))) {
    if (Date.now() > deadline) throw new Error('the cmp-server is not ready');
    await sleep(50);
  }
  return {
    work: join(work, '_cmp_server'),
    temporary,
    pids: children.map(({ pid }) => pid ?? 0),
    ask: (...questions) => {
      const { stdout, stderr } = spawnSync(join(tools, 'cmp-client'), {
        input: questions.map((question) => `${JSON.stringify(question)}\n`).join(''),
        env: { ARGOCD_PLUGINSOCKFILEPATH: sockets, PATH: '/usr/bin:/bin', TMPDIR: client, HOME: client },
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      const lines = stdout.split('\n').filter((line) => line !== '');
      if (lines.length !== questions.length) throw new Error(`the client ended: ${stderr}`);
      return lines.map((line) => JSON.parse(line) as Answer);
    },
    stop: async () => {
      const ends = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(ends);
      rmSync(top, { recursive: true, force: true });
    },
  };
}
