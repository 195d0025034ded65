import type { Observation } from '../cluster/observation.ts';
import { UsageError } from '../files/usage-error.ts';
import { labelOf, type NetworkId } from '../status/owner.ts';
import { networksIn } from '../status/status.ts';
import { type ClusterOptions, questionOf } from './cluster-options.ts';

/** Which networks of a cluster a verb is about. */
export interface NetworksOptions extends ClusterOptions {
  /** The namespace of the networks. */
  readonly namespace?: string;
}

/**
 * Those of a name, or all, and what the cluster has of them.
 * @throws {@link UsageError} where the cluster cannot be asked, or has none of them
 */
export async function networksWanted(
  network: string | undefined,
  options: NetworksOptions,
): Promise<{ readonly observation: Observation; readonly networks: readonly NetworkId[] }> {
  const wanted = wantedOf(network, options.namespace);
  const observation = await look(options, wanted.name);
  const networks = networksIn(observation).filter((one) => isMeant(one, wanted));
  if (networks.length > 0) return { observation, networks };
  throw new UsageError(whyNone(wanted, wanted.name === undefined ? observation : await look(options)));
}

/**
 * Looks whether files have a network in the namespace that is asked for.
 * @throws {@link UsageError} where they have none
 */
export function requireNetworkIn(namespace: string | undefined, path: string, labels: readonly string[]): void {
  if (namespace === undefined || labels.some((label) => label.startsWith(`${namespace}/`))) return;
  throw new UsageError(`${path} has no network in the namespace '${namespace}'; it has ${labels.join(', ')}`);
}

/** What the cluster has of the networks of a name, or of all. */
async function look(options: ClusterOptions, network?: string): Promise<Observation> {
  // A file of its own beside the program: the function would take longer to start if it had to read that, too.
  const { observe } = await import('../cluster/observe.ts');
  const answer = await observe({ ...questionOf(options), ...(network !== undefined && { network }) });
  if ('refusal' in answer) throw new UsageError(answer.refusal);
  return answer.observation;
}

/** Which networks are meant: an argument is a name, or a namespace and a name as messages have it. */
function wantedOf(network: string | undefined, namespace: string | undefined): Partial<NetworkId> {
  const [name, inside, ...rest] = network?.split('/').toReversed() ?? [];
  if (rest.length > 0 || name === '' || inside === '') {
    throw new UsageError(`'${network}' is no network: it must be NAME or NAMESPACE/NAME`);
  }
  if (inside !== undefined && namespace !== undefined && inside !== namespace) {
    throw new UsageError(`the network ${network} is not in the namespace '${namespace}' of --namespace: leave one out`);
  }
  const home = inside ?? namespace;
  return { ...(name !== undefined && { name }), ...(home !== undefined && { namespace: home }) };
}

function isMeant(network: NetworkId, { namespace, name }: Partial<NetworkId>): boolean {
  return (name ?? network.name) === network.name && (namespace ?? network.namespace) === network.namespace;
}

function whyNone({ namespace, name }: Partial<NetworkId>, all: Observation): string {
  const others = networksIn(all).map(labelOf);
  const wanted = [
    ...(name === undefined ? [] : [` of the name '${name}'`]),
    ...(namespace === undefined ? [] : [` in the namespace '${namespace}'`]),
  ].join('');
  const advice = others.length === 0 ? '--context names another cluster' : `it has ${others.join(', ')}`;
  return `the cluster at ${all.server} has no gateway network${wanted}; ${advice}`;
}
