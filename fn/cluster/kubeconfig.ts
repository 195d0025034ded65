import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { KubeConfig, loadYaml, type User } from '@kubernetes/client-node';
import { Refusal, wordsOf } from './refusal.ts';

/**
 * Reads a kubeconfig, or those that kubectl would take: the files of `$KUBECONFIG`, or `~/.kube/config`.
 * @throws {@link Refusal} for one that cannot be read, and where there is none
 */
export function load(path: string | undefined): KubeConfig {
  if (path !== undefined) return loadFile(path);
  const list = process.env['KUBECONFIG'];
  if (list) return loadFiles(list);
  const home = process.env['HOME'];
  if (home && existsSync(join(home, '.kube/config'))) return loadFile(join(home, '.kube/config'));
  const config = reading('of this pod', (empty) => empty.loadFromDefault());
  if (isNone(config)) {
    throw new Refusal(
      'there is no kubeconfig: $KUBECONFIG is not set, and ~/.kube/config not there; name one with --kubeconfig',
    );
  }
  return config;
}

function loadFile(path: string): KubeConfig {
  return reading(path || "''", (config) => {
    config.loadFromFile(path);
    config.users = usersOf(config, path);
  });
}

/** With the files of their tokens, a field of a kubeconfig that the client of Kubernetes does not read. */
function usersOf(config: KubeConfig, path: string): User[] {
  const { users } = loadYaml<{ readonly users?: readonly RawUser[] | null }>(readFileSync(path, 'utf8'));
  return config.getUsers().map((user) => {
    const tokenFile = users?.find(({ name }) => name === user.name)?.user?.tokenFile;
    if (tokenFile === undefined || user.token !== undefined) return user;
    return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile: resolve(dirname(path), tokenFile) } } };
  });
}

interface RawUser {
  readonly name: string;
  readonly user?: { readonly tokenFile?: string } | null;
}

/**
 * Merges files as kubectl does: a file that is not there, or is empty, is passed over, and nothing that a file has is
 * changed by a later one, such as the current context
 * (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files).
 */
function loadFiles(list: string): KubeConfig {
  const configs = list.split(delimiter).filter(hasText).map(loadFile);
  if (configs.length === 0) {
    throw new Refusal(
      `there is no kubeconfig: what $KUBECONFIG names is not there, or empty: '${list}'; name one with --kubeconfig`,
    );
  }
  const merged = new KubeConfig();
  merged.loadFromOptions({
    clusters: firstOfEach(configs.flatMap((config) => config.getClusters())),
    users: firstOfEach(configs.flatMap((config) => config.getUsers())),
    contexts: firstOfEach(configs.flatMap((config) => config.getContexts())),
    currentContext: configs.map((config) => config.getCurrentContext()).find(Boolean),
  });
  return merged;
}

function hasText(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && !(stat.isFile() && readFileSync(file, 'utf8').trim() === '');
}

/** Of several that have one name, the first. */
function firstOfEach<T extends { readonly name: string }>(all: readonly T[]): readonly T[] {
  return [...new Map(all.toReversed().map((one) => [one.name, one])).values()].toReversed();
}

function reading(place: string, read: (config: KubeConfig) => void): KubeConfig {
  const config = new KubeConfig();
  try {
    read(config);
  } catch (error) {
    const reason = error instanceof TypeError ? 'it is no kubeconfig' : wordsOf(error);
    throw new Refusal(`the kubeconfig ${place} cannot be read: ${reason}; name another with --kubeconfig`);
  }
  return config;
}

/** What is taken for a kubeconfig where there is none, not even that of a pod. */
function isNone(config: KubeConfig): boolean {
  return config.getCurrentCluster()?.server === 'http://localhost:8080';
}
