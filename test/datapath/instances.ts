import { tryRun } from '../agent/namespace.ts';
import { type Installation, nodeOf, startRouter } from './bed/installation.ts';
import type { Pod } from './bed/pod.ts';

/** Starts a second instance of a router on a node, as a ReplicaSet does when the first is deleted. */
export function startInstance({ cluster, manifests }: Installation, index: number, node: number): Pod {
  const deployment = manifests.deployments.find(({ metadata }) => metadata?.name?.endsWith(`-router-${index}`));
  if (!deployment) throw new Error(`there is no router ${index}`);
  return startRouter(cluster, manifests, deployment, nodeOf(cluster, node));
}

/** Those that have an address on the network. */
export function holders(pods: readonly Pod[], address: string): readonly Pod[] {
  return pods.filter(({ namespace }) => (tryRun(namespace, 'ip -o addr show dev net1') ?? '').includes(` ${address}/`));
}

/** Looks at how many have an address, again and again, and gives for how long more than one had it, in milliseconds. */
export function watchHolders(pods: readonly Pod[], address: string): () => number {
  let [together, last] = [0, Date.now()];
  const timer = setInterval(() => {
    const now = Date.now();
    if (holders(pods, address).length > 1) together += now - last;
    last = now;
  }, 50);
  return () => {
    clearInterval(timer);
    return together;
  };
}
