import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  globSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { Manifest } from './documents.ts';
import { FUNCTION } from './program.ts';

/** What is read of a plugin.yaml (Argo CD, cmpserver/plugin/config.go). */
interface Plugin {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly init?: Command;
    readonly generate: Command;
    readonly discover?: { readonly fileName: string };
    readonly parameters: { readonly static: readonly Announced[]; readonly dynamic: Command };
  };
}

interface Command {
  readonly command: readonly string[];
  readonly args?: readonly string[];
}

/** A parameter as the user interface is told of it. */
export interface Announced {
  readonly name: string;
  readonly collectionType?: string;
  readonly string?: string;
  readonly map?: Readonly<Record<string, string>>;
}

export const PLUGIN = pluginOf('plugin.yaml');
/** The plugin for applications that do not name it. */
export const DISCOVERY = pluginOf('discovery/plugin.yaml');

function pluginOf(path: string): Plugin {
  return parse(readFileSync(new URL(`../../deploy/argo-cd/${path}`, import.meta.url), 'utf8')) as Plugin;
}

/** The user of the sidecar; only root can become it. */
const USER = process.getuid?.() === 0 ? { uid: 999, gid: 999 } : {};

/** An application of a repository. */
export interface Application {
  /** The folder that holds the repository. */
  readonly repository: string;
  /** `spec.source.path`. */
  readonly path: string;
  /** What Argo CD adds to the sidecar's own variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A sidecar: its folder with programs, which is all of its PATH, and what its commands do. */
export interface Sidecar {
  readonly programs: string;
  /** A command before that of the plugin measures it. */
  readonly generate: (application: Application, measure?: readonly string[]) => SpawnSyncReturns<string>;
  readonly announce: (application: Application) => SpawnSyncReturns<string>;
}

/** A sidecar with the function and a kustomize. It goes away with `remove`. */
export function sidecarWith(kustomize: string | undefined): Sidecar & { readonly remove: () => void } {
  const programs = mkdtempSync(join(tmpdir(), 'gwn-cmp-programs-'));
  chmodSync(programs, 0o755);
  cpSync(FUNCTION, join(programs, basename(FUNCTION)));
  if (kustomize !== undefined) cpSync(kustomize, join(programs, 'kustomize'));
  return {
    programs,
    generate: (application, measure = []) => call(programs, PLUGIN.spec.generate, application, measure),
    announce: (application) => call(programs, PLUGIN.spec.parameters.dynamic, application, []),
    remove: () => rmSync(programs, { recursive: true }),
  };
}

/**
 * Runs a command as the cmp-server does (cmpserver/plugin/plugin.go, runCommand): without a shell,
 * in the application's directory within a
 * copy of the checkout of its own, as the sidecar's user, files without their execution bits.
 */
function call(
  programs: string,
  { command, args = [] }: Command,
  { repository, path, env }: Application,
  measure: readonly string[],
): SpawnSyncReturns<string> {
  const checkout = mkdtempSync(join(tmpdir(), '_cmp_server-'));
  onTestFinished(() => rmSync(checkout, { recursive: true, force: true }));
  cpSync(repository, checkout, { recursive: true, verbatimSymlinks: true });
  own(checkout);
  const [program = '', ...rest] = [...measure, ...command, ...args];
  return spawnSync(program, rest, {
    cwd: join(checkout, path),
    env: { PATH: programs, ARGOCD_APP_NAME: 'vpn', ARGOCD_APP_SOURCE_PATH: path, ...env },
    encoding: 'utf8',
    maxBuffer: 128 * 1024 * 1024,
    timeout: 90_000,
    ...USER,
  });
}

function own(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  if (USER.uid !== undefined) chownSync(path, USER.uid, USER.gid);
  chmodSync(path, stat.isDirectory() ? 0o755 : 0o644);
  if (stat.isDirectory()) for (const name of readdirSync(path)) own(join(path, name));
}

/**
 * Whether Argo CD uses a plugin for an application (util/app/discovery, cmpSupports, and
 * cmpserver/plugin, matchRepository).
 */
export function isUsed({ spec }: Plugin, { repository, path }: Application, isNamed: boolean): boolean {
  if (spec.discover === undefined) return isNamed;
  return globSync(spec.discover.fileName, { cwd: join(repository, path) }).length > 0;
}

/**
 * What the cmp-server makes of a command's output (gitops-engine, pkg/utils/kube, SplitYAML):
 * documents that are not blank, each an
 * object with a kind. A list would be taken apart later on.
 */
export function parsed(stdout: string): readonly Manifest[] {
  return stdout
    .split(/^---.*\n/m)
    .filter((text) => text.trim() !== '' && text.trim() !== 'null')
    .map((text) => {
      const value = parse(text, { version: '1.1' }) as Manifest | undefined;
      if (typeof value?.kind !== 'string') throw new Error(`Object 'Kind' is missing in '${text}'`);
      return value;
    });
}
