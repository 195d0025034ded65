import type { RequestOptions } from 'node:https';
import type { Cluster, KubeConfig } from '@kubernetes/client-node';
import { load } from './kubeconfig.ts';
import type { Question } from './observation.ts';
import { proxyFor } from './proxy.ts';
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
  if (context !== undefined) choose(config, context);
  const { server } = clusterOf(config);
  becomeNobody(config);
  takeProxy(config);
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
    trimToken(options);
  } catch (error) {
    throw new Refusal(`the credentials of the kubeconfig cannot be used: ${wordsOf(error)}`);
  }
  return { server, options, config };
}

/** A file of a token may end with the end of a line, which no header may have. */
function trimToken({ headers }: RequestOptions): void {
  const given = headers as Record<string, string> | undefined;
  if (given?.['Authorization'] !== undefined) given['Authorization'] = given['Authorization'].trim();
}

function choose(config: KubeConfig, context: string): void {
  if (config.getContextObject(context) === null) {
    throw new Refusal(`the kubeconfig has no context '${context}'; ${contextsOf(config)}`);
  }
  config.setCurrentContext(context);
}

/** The cluster of the current context, whose parts are all there. */
function clusterOf(config: KubeConfig): Cluster {
  const name = config.getCurrentContext();
  if (!name) throw new Refusal(`the kubeconfig has no current context: name one with --context; ${contextsOf(config)}`);
  const context = config.getContextObject(name);
  const other = `name another with --context; ${contextsOf(config)}`;
  if (context === null) throw new Refusal(`the kubeconfig has no context '${name}', its current one: ${other}`);
  const cluster = config.getCluster(context.cluster);
  if (cluster === null) {
    throw new Refusal(
      `the kubeconfig has no cluster '${context.cluster}', which its context '${name}' names: ${other}`,
    );
  }
  if (context.user && config.getUser(context.user) === null) {
    throw new Refusal(`the kubeconfig has no user '${context.user}', which its context '${name}' names: ${other}`);
  }
  checkServer(cluster);
  return cluster;
}

function checkServer({ name, server, skipTLSVerify }: Cluster): void {
  const protocol = URL.canParse(server) ? new URL(server).protocol : undefined;
  const whose = `the server '${server}' of the cluster '${name}' in the kubeconfig`;
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new Refusal(`${whose} is no address: it must be https://HOST:PORT`);
  }
  if (protocol === 'http:' && !skipTLSVerify) {
    throw new Refusal(
      `${whose} is not asked without TLS, since all could read the credentials: take https://, or set insecure-skip-tls-verify: true for it, as with \`kubectl proxy\``,
    );
  }
}

/** The client of Kubernetes applies what a cluster says of certificates only for a user. */
function becomeNobody(config: KubeConfig): void {
  const current = config.getCurrentContext();
  if (config.getContextObject(current)?.user) return;
  const user = 'nobody of the kubeconfig';
  config.users = [...(config.users ?? []), { name: user }];
  config.contexts = config.contexts.map((one) => (one.name === current ? { ...one, user } : one));
}

/** The client of Kubernetes knows only the proxy of the kubeconfig. */
function takeProxy(config: KubeConfig): void {
  const current = config.getCurrentCluster();
  if (current === null || current.proxyUrl !== undefined) return;
  const proxyUrl = proxyFor(current.server, process.env);
  if (proxyUrl === undefined) return;
  config.clusters = config.clusters.map((one) => (one.name === current.name ? { ...one, proxyUrl } : one));
}

function contextsOf(config: KubeConfig): string {
  const names = config.getContexts().map(({ name }) => name);
  return names.length === 0 ? 'it has none' : `its contexts are ${names.join(', ')}`;
}
