import { realpathSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';

/** The folder in which Argo CD's server keeps checkouts (common/common.go, DefaultCMPWorkDirName). */
const SERVER = '_cmp_server';

/** How many names of a path are looked at. */
const MAX_NAMES = 64;

/** The environment of a plugin (Argo CD documentation, "Build environment" and "Config Management Plugins"). */
export interface Environment {
  /** The directory of the application, without links in its path. */
  readonly directory: string;
  /** The checkout of the repository, which is the directory or lies above it. Nothing outside of it is read. */
  readonly checkout: string;
  /** The namespace that objects without one go to; empty where Argo CD names none. */
  readonly namespace: string;
  /** The parameters of the Application, as JSON. */
  readonly parameters: string;
  /** The version of Kubernetes in the destination; empty where it is not known. */
  readonly kubeVersion: string;
  /** What the destination serves, as `group/version` and `group/version/kind`; empty where it is not known. */
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
 * The checkout that holds a directory. Argo CD's server copies what it is sent to a folder of its own, `_cmp_server/ID`, and removes that
 * with the command's end: where the directory lies in such a folder, that is the checkout, also where less than the whole repository was
 * sent and where the application's path is a link. The first such name of the path counts: further ones are the repository's.
 *
 * Elsewhere the checkout is what remains above the longest run of trailing names of the application's path that leads to the directory, by
 * itself or through links; above the directory it is only what such a run accounts for.
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

/** The trailing names of a path, the most first. Nobody nests deeper. */
function runsOf(names: readonly string[]): readonly string[] {
  const last = names.slice(-MAX_NAMES);
  return last.map((_, index) => last.slice(index).join(sep));
}

/** The nearest first, and without the root: below that are /proc and /dev, where links lead to the directory of whoever asks. */
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
