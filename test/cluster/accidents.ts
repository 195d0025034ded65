import { setTimeout as sleep } from 'node:timers/promises';
import { run, signal } from '../agent/namespace.ts';
import { NODE_IMAGE } from './cluster-images.ts';
import type { Cluster } from './cluster.ts';
import { apply, untilReady } from './installation.ts';
import { type Client, type Pod, pods } from './pods.ts';

/** A network that is installed, with a client on each node. */
export interface Scene {
  readonly cluster: Cluster;
  /** What was applied, namespaces and clients included. */
  readonly manifests: string;
  readonly clients: readonly Client[];
  readonly router: () => Promise<Pod>;
  readonly agents: () => Promise<readonly Pod[]>;
}

/** What happens to a network while its clients send. */
export interface Accident {
  readonly title: string;
  /** Ends when it is over, and all that it hurt is ready again. */
  readonly happen: (scene: Scene) => Promise<unknown>;
  /** How long answers may be out, in milliseconds; none may be lost where it is missing. */
  readonly outage?: number;
  /**
   * Whether the clients' pods are replaced. The traffic outlives its pod, and CNI takes the network's interface
   * first.
   */
  readonly replacesClients?: boolean;
}

export const NAMESPACE = 'egress';
const AGENTS = 'app.kubernetes.io/component=node-agent';
export const ROUTERS = 'app.kubernetes.io/component=router';

export async function sceneOf(cluster: Cluster, manifests: string, clients: readonly Client[]): Promise<Scene> {
  return {
    cluster,
    manifests,
    clients,
    router: async () => {
      const [router] = await pods(cluster, NAMESPACE, ROUTERS);
      if (router === undefined) throw new Error('no router runs');
      return router;
    },
    agents: async () => pods(cluster, NAMESPACE, AGENTS),
  };
}

const services = ['kubelet', 'containerd', 'kube-proxy'] as const;

export const ACCIDENTS: readonly Accident[] = [
  {
    title: 'the router is deleted',
    happen: async ({ cluster, manifests }) => {
      await cluster.kubectl(['-n', NAMESPACE, 'delete', 'pod', '-l', ROUTERS]);
      await untilReady(cluster, manifests);
    },
    outage: 5000,
  },
  {
    title: 'the router is silent for a while',
    happen: async ({ router }) => {
      const { namespace } = await router();
      signal(namespace, 'SIGSTOP');
      run(namespace, 'ip link set net1 down');
      await sleep(3000);
      run(namespace, 'ip link set net1 up');
      signal(namespace, 'SIGCONT');
    },
    outage: 8000,
  },
  {
    title: 'the programs of the agents are killed',
    happen: async ({ cluster, manifests }) => {
      for (const node of cluster.nodes) node.run(['pkill', '-KILL', '-f', 'node-agent run']);
      await sleep(2000);
      await untilReady(cluster, manifests);
    },
  },
  {
    title: 'the DaemonSet is restarted',
    happen: async ({ cluster, manifests }) => {
      await cluster.kubectl(['-n', NAMESPACE, 'rollout', 'restart', 'daemonset']);
      await untilReady(cluster, manifests);
    },
  },
  {
    title: 'the DaemonSet is deleted, and applied again',
    happen: async ({ cluster, manifests }) => {
      await cluster.kubectl(['-n', NAMESPACE, 'delete', 'daemonset', '--all']);
      await sleep(2000);
      await apply(cluster, manifests);
      await untilReady(cluster, manifests);
    },
    outage: 60_000,
  },
  ...services.map((service) => ({
    title: `${service} is killed on every node`,
    happen: async ({ cluster, manifests }: Scene) => {
      for (const node of cluster.nodes) node.kill(service);
      await sleep(3000);
      await untilReady(cluster, manifests);
    },
  })),
  // The guards of the clients run in the node image, so these are replaced: nothing comes after that.
  {
    title: 'another release is applied, and the one before again',
    happen: async ({ cluster, manifests }) => {
      for (const node of cluster.nodes) node.ctr(['images', 'tag', NODE_IMAGE, `${NODE_IMAGE}-other`]);
      const other = manifests.replaceAll(NODE_IMAGE, `${NODE_IMAGE}-other`);
      for (const each of [other, manifests]) {
        await apply(cluster, each);
        await untilReady(cluster, each);
      }
    },
    // The only router is replaced, and the traffic of clients that are replaced ends.
    outage: 60_000,
    replacesClients: true,
  },
];
