import { expect } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import type { Client } from './bed/client.ts';
import { type Installation, startAgent, startRouter, untilReady } from './bed/installation.ts';
import type { Pod } from './bed/pod.ts';

/** What happens to a network, and how it is made good. */
export interface Accident {
  readonly title: string;
  readonly happen: (scene: Scene) => unknown;
  readonly repair: (scene: Scene) => unknown;
}

/** An installation with its clients. */
export interface Scene extends Installation {
  readonly clients: readonly Client[];
}

/** The node of the router. */
export const ROUTER_NODE = 2;

const killAll = (pods: readonly Pod[]) => Promise.all(pods.map((pod) => pod.kill('SIGKILL')));
const removeAll = (pods: readonly Pod[]) => Promise.all(pods.map((pod) => pod.remove()));

async function restartAgents({ cluster, manifests, agents }: Scene): Promise<void> {
  const [set] = manifests.daemonSets;
  if (!set) throw new Error('there is no DaemonSet');
  agents.splice(0, agents.length, ...cluster.nodes.map((node) => startAgent(cluster, manifests, set, node)));
  await untilReady(agents);
}

async function replaceRouter({ cluster, manifests, routers }: Scene): Promise<void> {
  const deployment = manifests.deployments.find(({ metadata }) => metadata?.name === 'vpn-router-0');
  const node = cluster.nodes[ROUTER_NODE - 1];
  if (!deployment || !node) throw new Error('no router');
  routers[0] = startRouter(cluster, manifests, deployment, node);
  await untilReady(routers);
}

/** Cuts a router off from the network, and keeps it from mending that. */
export async function silenceRouter({ routers }: Installation): Promise<void> {
  for (const router of routers) {
    await router.kill('SIGKILL');
    run(router.namespace, 'ip link set net1 down');
  }
}

/**
 * Waits until no client knows the gateway's MAC any more, which the kernel takes as a reason to
 * look for another way.
 */
export async function untilFailed(clients: readonly Client[]): Promise<void> {
  await eventually(() => {
    for (const { namespace } of clients) {
      const states = run(namespace, 'ip neigh show 192.168.50.1 dev net1; ip neigh show fd00:50::1 dev net1');
      expect(states).toMatch(/^192.*(FAILED|INCOMPLETE)\s+fd00.*FAILED/);
    }
  });
}

/** Lets a pod notice within a second that a neighbour is silent, those that it has found before included. */
export function makeImpatient(namespace: string): void {
  run(namespace, `sysctl -qw ${IMPATIENCE.join(' ')}; ip neigh flush dev net1`);
}

const IMPATIENCE = ['ipv4', 'ipv6'].flatMap((family) =>
  ['base_reachable_time_ms=1000', 'retrans_time_ms=200', 'delay_first_probe_time=1'].map(
    (setting) => `net.${family}.neigh.net1.${setting}`,
  ),
);

function deleteVxlans({ cluster }: Scene): void {
  for (const { namespace } of cluster.nodes) run(namespace, 'ip link del vx-vpn-4gfy37');
}

export const ACCIDENTS: readonly Accident[] = [
  {
    title: 'the router is deleted and comes back',
    happen: ({ routers }) => routers[0]?.remove(),
    repair: replaceRouter,
  },
  {
    title: 'the router is silent until its neighbour entries have failed',
    happen: async (scene) => {
      await silenceRouter(scene);
      await untilFailed(scene.clients);
    },
    repair: async (scene) => {
      await scene.routers[0]?.remove();
      await replaceRouter(scene);
    },
  },
  {
    title: "the router's node is cut off",
    happen: async (scene) => {
      run(
        scene.cluster.underlay.fabric,
        `nft 'add table bridge cut; add chain bridge cut forward { type filter hook forward priority 0; }
          add rule bridge cut forward meta iifname node${ROUTER_NODE} drop; add rule bridge cut forward meta oifname node${ROUTER_NODE} drop'`,
      );
      await untilFailed(scene.clients.filter(({ node }) => node.number !== ROUTER_NODE));
    },
    repair: ({ cluster }) => run(cluster.underlay.fabric, 'nft delete table bridge cut'),
  },
  {
    title: 'the agents are killed and come back',
    happen: ({ agents }) => killAll(agents),
    repair: async ({ agents }) => {
      for (const agent of agents) agent.restart();
      await untilReady(agents);
    },
  },
  {
    title: 'the DaemonSet is deleted and made again',
    // They wait for their pods, and go when others take over.
    happen: ({ agents }) => void removeAll(agents),
    repair: restartAgents,
  },
  {
    title: 'the VXLANs are deleted while no agent runs',
    happen: async (scene) => {
      await killAll(scene.agents);
      deleteVxlans(scene);
    },
    repair: restartAgents,
  },
  {
    title: 'the bridges are put down while no agent runs',
    happen: async ({ agents, cluster }) => {
      await killAll(agents);
      for (const { namespace } of cluster.nodes) run(namespace, 'ip link set br-vpn-4gfy37 down');
    },
    repair: restartAgents,
  },
];
