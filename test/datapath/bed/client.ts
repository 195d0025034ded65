import { run } from '../../agent/namespace.ts';
import type { ConfigList } from './cni.ts';
import { type Installation, nodeOf } from './installation.ts';
import { createSandbox, type Sandbox } from './node.ts';
import { countStrays } from './strays.ts';
import { seenFrom, TO_INTERNET } from './underlay.ts';

/** A client pod, and who looks for its packets where they must not be. */
export interface Client extends Sandbox {
  /** How many packets for the internet have left it by its primary interface. */
  readonly strays: () => number;
  /** Its addresses on the network. */
  readonly networkAddresses: readonly string[];
}

/** A pod of the workload that the network has for a client, as far as the network goes: its containers need nothing. */
export function startClient(installation: Installation, number: number, name = 'client'): Client {
  const { cluster, manifests } = installation;
  const workload = manifests.deployments.find((deployment) => deployment.metadata?.name === name);
  if (!workload) throw new Error(`there is no Deployment ${name}`);
  const sandbox = createSandbox(nodeOf(cluster, number), {
    name,
    kubernetesNamespace: String(workload.metadata?.namespace),
    annotations: workload.spec?.template.metadata?.annotations ?? {},
    definitions: manifests.definitions,
  });
  awaitPort(sandbox);
  const ips = sandbox.results['net1']?.ips ?? [];
  const networkAddresses = ips.map(({ address }) => address.replace(/\/.*/, ''));
  return {
    ...sandbox,
    networkAddresses,
    strays: countStrays(sandbox.namespace, 'net1', TO_INTERNET),
  };
}

/**
 * A pod whose addresses come from an attachment that the user defined on the network's bridge. `spec.reserved` must
 * keep those addresses from other pods.
 */
export function startHolder(installation: Installation, number: number, addresses: readonly string[]): Client {
  const { manifests } = installation;
  const shared = manifests.definitions.find(({ spec }) => spec?.config?.includes('"ipam"'));
  if (!shared) throw new Error('there is no attachment of clients');
  const config = JSON.parse(shared.spec?.config ?? '') as ConfigList;
  const [bridge = {}] = config.plugins;
  const hasIPv6 = addresses.some((address) => address.includes(':'));
  const { routes = [] } = bridge['ipam'] as { readonly routes?: readonly { readonly dst: string }[] };
  const held = addresses.map((address) => ({ address: `${address}/${address.includes(':') ? 64 : 24}` }));
  const plugin = {
    ...bridge,
    bridge: String(bridge['bridge']).replace(/^in-/, 'br-'),
    ipam: { type: 'static', addresses: held, routes: routes.filter(({ dst }) => hasIPv6 || !dst.includes(':')) },
  };
  const own = {
    ...shared,
    spec: { config: JSON.stringify({ ...config, name: 'own', plugins: [plugin] }) },
  };
  return startClient({ ...installation, manifests: { ...manifests, definitions: [own] } }, number);
}

/** Waits until the agent has let the pod on the network, but not for ever: there may be no agent. */
function awaitPort({ node, results }: Sandbox): void {
  const port = results['net1']?.interfaces?.find(({ sandbox, name }) => !sandbox && name.startsWith('veth'))?.name;
  run(
    node.namespace,
    `for moment in $(seq 60); do ip -o link show dev ${port} | grep -qE ' (master in-|group default )' || break; sleep 0.05; done`,
  );
}

/**
 * How many of the clients' packets for the internet were seen outside the network: on a client's
 * primary interface, or as they
 * are between nodes, from a node that has no router.
 */
export function leaks({ cluster, routers }: Installation, clients: readonly Client[]): number {
  const routerNodes = new Set(routers.map(({ node }) => node.number));
  const others = cluster.nodes.filter(({ number }) => !routerNodes.has(number));
  const seen = others.map(({ number }) => seenFrom(cluster.underlay, number));
  return [...seen, ...clients.map((client) => client.strays())].reduce((sum, count) => sum + count, 0);
}
