import { run } from '../../agent/namespace.ts';
import { countedPackets } from './counter.ts';
import { type Installation, nodeOf } from './installation.ts';
import { createSandbox, type Sandbox } from './node.ts';
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
  run(
    sandbox.namespace,
    `nft -f - <<END
table inet strays {
	chain postrouting {
		type filter hook postrouting priority 300; policy accept;
${TO_INTERNET.map((match) => `\t\toifname != "net1" ${match} counter`).join('\n')}
	}
}
END`,
  );
  const ips = sandbox.results['net1']?.ips ?? [];
  const networkAddresses = ips.map(({ address }) => address.replace(/\/.*/, ''));
  return {
    ...sandbox,
    networkAddresses,
    strays: () => countedPackets(run(sandbox.namespace, 'nft list table inet strays')),
  };
}

/**
 * How many of the clients' packets for the internet were seen outside the network: on a client's primary interface, or as they
 * are between nodes, from a node that has no router.
 */
export function leaks({ cluster, routers }: Installation, clients: readonly Client[]): number {
  const routerNodes = new Set(routers.map(({ node }) => node.number));
  const others = cluster.nodes.filter(({ number }) => !routerNodes.has(number));
  const seen = others.map(({ number }) => seenFrom(cluster.underlay, number));
  return [...seen, ...clients.map((client) => client.strays())].reduce((sum, count) => sum + count, 0);
}
