import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { Question } from './observation.ts';
import { Refusal, wordsOf } from './refusal.ts';

/** An API server, and what its requests need: certificates, tokens, proxies. */
export interface Connection {
  readonly server: string;
  readonly options: RequestOptions;
  readonly config: KubeConfig;
}

/**
 * Finds the API server and who asks it, as kubectl does.
 * @throws {@link Refusal} for a kubeconfig that cannot be read, or that does not lead to a cluster
 */
export async function connect({ kubeconfig, context }: Omit<Question, 'network'>): Promise<Connection> {
  const config = load(kubeconfig);
  if (kubeconfig === undefined && isNone(config)) {
    throw new Refusal(
      'there is no kubeconfig: $KUBECONFIG is not set, and ~/.kube/config not there; name one with --kubeconfig',
    );
  }
  if (context !== undefined) choose(config, context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new Refusal(
      `the kubeconfig has no cluster for its current context '${config.getCurrentContext()}': name a context with --context; ${contextsOf(config)}`,
    );
  }
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new Refusal(`the credentials of the kubeconfig cannot be used: ${wordsOf(error)}`);
  }
  return { server, options, config };
}

function load(path: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
  } catch (error) {
    const place = path ?? process.env['KUBECONFIG'] ?? '~/.kube/config';
    throw new Refusal(`the kubeconfig ${place} cannot be read: ${wordsOf(error)}; name another with --kubeconfig`);
  }
  return config;
}

/** What is taken for a kubeconfig where there is none, not even that of a pod. */
function isNone(config: KubeConfig): boolean {
  return config.getCurrentCluster()?.server === 'http://localhost:8080';
}

function choose(config: KubeConfig, context: string): void {
  if (config.getContextObject(context) === null) {
    throw new Refusal(`the kubeconfig has no context '${context}'; ${contextsOf(config)}`);
  }
  config.setCurrentContext(context);
}

function contextsOf(config: KubeConfig): string {
  const names = config.getContexts().map(({ name }) => name);
  return names.length === 0 ? 'it has none' : `its contexts are ${names.join(', ')}`;
}
