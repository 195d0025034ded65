import { realpathSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';

/** The folder in which Argo CD's server keeps checkouts (common/common.go, DefaultCMPWorkDirName). */
const SERVER = '_cmp_server';

/** The maximum number of names in a path that are compared. */
const MAX_NAMES = 64;

/** The environment of a plugin (Argo CD documentation, "Build environment" and "Config Management Plugins"). */
export interface Environment {
  /** The directory of the application, without links in its path. */
  readonly directory: string;
  /** The checkout of the repository: the directory, or one above it. Nothing outside of it is read. */
  readonly checkout: string;
  /** The namespace for objects without one; empty if Argo CD names none. */
  readonly namespace: string;
  /** The parameters of the Application, as JSON. */
  readonly parameters: string;
  /** The version of Kubernetes at the destination; empty if it is not known. */
  readonly kubeVersion: string;
  /**
   * The APIs that the destination serves, as `group/version` and `group/version/kind`; empty if
   * they are not known.
   */
  readonly apiVersions: readonly string[];
}

/** Reads the environment of a plugin's command. */
export function readEnvironment(env: NodeJS.ProcessEnv, directory: string): Environment {
  const real = realpathSync(directory);
  return {
    directory: real,
    checkout: checkoutOf(real, env['ARGOCD_APP_SOURCE_PATH'] ?? ''),
    namespace: env['ARGOCD_APP_NAMESPACE'] ?? '',
    parameters: env['ARGOCD_APP_PARAMETERS'] ?? '',
    kubeVersion: env['KUBE_VERSION'] ?? '',
    apiVersions: (env['KUBE_API_VERSIONS'] ?? '').split(',').filter((version) => version !== ''),
  };
}

/**
 * The checkout that contains a directory. Argo CD's server copies an application to a folder of its
 * own, `_cmp_server/ID`, and removes it when the command ends. A directory in such a folder has
 * that folder as its checkout, even if the server copied only a part of the repository, or if the
 * application's path is a link. The first `_cmp_server` in the path counts, since others may be in
 * the repository.
 *
 * Otherwise the application's path determines the checkout: its last names, as many as possible,
 * must lead from the checkout to the directory, directly or through links. If no names do, the
 * checkout is the directory itself.
 */
function checkoutOf(directory: string, sourcePath: string): string {
  const names = directory.split(sep);
  const server = names.indexOf(SERVER);
  if (server > 0 && server + 1 < names.length) return names.slice(0, server + 2).join(sep);
  const given = sourcePath.split('/').filter((name) => name !== '' && name !== '.');
  if (isAbsolute(sourcePath) || given.includes('..')) return directory;
  for (const run of runsOf(given)) {
    if (directory.endsWith(sep + run) && directory.length > run.length + 1) return directory.slice(0, -run.length - 1);
    const above = foldersAbove(directory).find((folder) => leadsTo(join(folder, run), directory));
    if (above !== undefined) return above;
  }
  return directory;
}

/**
 * The last names of a path: first as many as possible, then one less each time. No path has more
 * names in practice.
 */
function runsOf(names: readonly string[]): readonly string[] {
  const last = names.slice(-MAX_NAMES);
  return last.map((_, index) => last.slice(index).join(sep));
}

/**
 * The folders above a directory, the nearest first, without the root. In the root are /proc and
 * /dev, where links lead to the current directory of the process.
 */
function foldersAbove(directory: string): readonly string[] {
  const names = directory.split(sep).slice(1, -1);
  return names.map((_, index) => sep + names.slice(0, names.length - index).join(sep)).slice(0, MAX_NAMES);
}

function leadsTo(path: string, directory: string): boolean {
  try {
    return realpathSync(path) === directory;
  } catch {
    return false;
  }
}
