import type { V1DaemonSet, V1Deployment, V1PodTemplateSpec } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { eventually } from '../../agent/eventually.ts';
import type { Cluster } from './cluster.ts';
import { CLUSTER_DOMAIN, type Dns } from './dns.ts';
import { type Manifests, render } from './manifests.ts';
import type { Node } from './node.ts';
import { type Pod, startPod } from './pod.ts';

/** The manifests of one rendering, running in a cluster. */
export interface Installation {
  readonly cluster: Cluster;
  readonly manifests: Manifests;
  /** The node agents, one a node, in the order of the nodes. */
  readonly agents: Pod[];
  readonly routers: Pod[];
}

/**
 * Renders the documents of a network and runs what comes out: the agent on each node, and the
 * routers on the node with the
 * number, or each on one of several, in their order. What is rendered can be changed before. Does not wait for them.
 */
export function install(
  cluster: Cluster,
  source: string,
  routerNodes: number | readonly number[],
  change: (manifests: Manifests) => Manifests = (manifests) => manifests,
): Installation {
  const manifests = change(render(source));
  const agents = manifests.daemonSets.flatMap((set) =>
    cluster.nodes.map((node) => startAgent(cluster, manifests, set, node)),
  );
  publishPeers(cluster.dns, manifests, cluster.nodes);
  const routers = manifests.deployments.filter(isRouter).map((deployment, index) => {
    const number = typeof routerNodes === 'number' ? routerNodes : routerNodes[index];
    if (number === undefined) throw new Error(`no node is named for the router ${deployment.metadata?.name}`);
    return startRouter(cluster, manifests, deployment, nodeOf(cluster, number));
  });
  return { cluster, manifests, agents, routers };
}

/**
 * Renders other documents of the network and gives running pods the data of that, as the kubelet does where the pod
 * templates stay as they were. Throws where those of the routers do not, or where a pod's ConfigMap is now another.
 */
export function update(
  { manifests: before, agents, routers }: Installation,
  source: string,
  pods: readonly Pod[] = [...agents, ...routers],
): Manifests {
  const manifests = render(source);
  const [old, now] = [before, manifests].map((each) =>
    JSON.stringify(each.deployments.filter(isRouter).map(({ spec }) => spec?.template)),
  );
  if (old !== now) throw new Error(`the pod templates of the routers have changed: ${now}`);
  for (const pod of pods) pod.update(manifests);
  return manifests;
}

/** Waits until all of them are ready. */
export async function untilReady(pods: readonly Pod[]): Promise<void> {
  for (const pod of pods) await eventually(() => expect(pod.probe()).toMatchObject({ status: 0 }));
}

export function startAgent(cluster: Cluster, manifests: Manifests, set: V1DaemonSet, node: Node): Pod {
  return startPod(cluster, manifests, {
    node,
    namespace: String(set.metadata?.namespace),
    template: set.spec?.template as V1PodTemplateSpec,
  });
}

export function startRouter(cluster: Cluster, manifests: Manifests, deployment: V1Deployment, node: Node): Pod {
  return startPod(cluster, manifests, {
    node,
    namespace: String(deployment.metadata?.namespace),
    template: deployment.spec?.template as V1PodTemplateSpec,
  });
}

export function nodeOf(cluster: Cluster, number: number): Node {
  const node = cluster.nodes[number - 1];
  if (!node) throw new Error(`there is no node ${number}`);
  return node;
}

/** Gives the agents' headless Service an address for each node, as long as they are said to run. */
export function publishPeers(dns: Dns, { services }: Manifests, nodes: readonly Node[]): void {
  dns.write(
    services.flatMap(({ metadata, spec }) =>
      nodes.flatMap(({ addresses }) =>
        (spec?.ipFamilies ?? []).map(
          (family) =>
            `${addresses[family as keyof typeof addresses]} ${metadata?.name}.${metadata?.namespace}.svc.${CLUSTER_DOMAIN}`,
        ),
      ),
    ),
  );
}

function isRouter({ metadata }: V1Deployment): boolean {
  return metadata?.labels?.['app.kubernetes.io/component'] === 'router';
}
