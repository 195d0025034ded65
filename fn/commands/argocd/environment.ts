import { realpathSync } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { UsageError } from '../exit.ts';

/** What Argo CD tells a plugin (Argo CD documentation, "Build environment" and "Config Management Plugins"). */
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

/** Commands run in the application's directory within a copy of the checkout; its path in there is known. */
function checkoutOf(directory: string, sourcePath: string): string {
  const below = normalize(join(sourcePath, '.')).replace(/\/$/, '');
  if (below === '.' || below === '') return directory;
  if (isAbsolute(below) || below.startsWith('..') || !directory.endsWith(sep + below)) return directory;
  const checkout = directory.slice(0, -below.length - 1);
  if (checkout === '') throw new UsageError('the root of the file system cannot be a checkout');
  return checkout;
}
