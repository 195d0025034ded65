import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { type Client, startClient } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, startRouter, untilReady } from './bed/installation.ts';
import type { Manifests } from './bed/manifests.ts';
import type { Pod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';
import { startEchoServer, startStream, type Stream } from './bed/traffic.ts';
import { cutOff, reconnect } from './bed/underlay.ts';
import { createVlan, VLAN, type Vlan } from './bed/vlan.ts';
import { master, masters } from './failover.ts';
import { withPrograms } from './with-programs.ts';

const SERVER = [VLAN.server.IPv4, VLAN.server.IPv6];

interface Scene extends Installation {
  readonly vlan: Vlan;
  /** On a node that has no router. */
  readonly client: Client;
}

async function prepare(cluster: Cluster, change?: (manifests: Manifests) => Manifests): Promise<Scene> {
  const vlan = createVlan(cluster);
  await startEchoServer(vlan.server);
  const source = example('ha-vlan-conntrack').replaceAll('eth1.99', 'eth1');
  const installation = install(cluster, source, [1, 2], change);
  const { agents, routers } = installation;
  await untilReady([...agents, ...routers]);
  await eventually(() => expect(masters(routers)).toHaveLength(1));
  return { ...installation, vlan, client: startClient(installation, 3) };
}

/** What becomes of a connection of each family that is under way while something happens. */
async function streamsWhile({ client }: Scene, action: () => unknown): Promise<readonly Stream[]> {
  const streams = await Promise.all(SERVER.map((address) => startStream(client.namespace, address)));
  await setTimeout(500);
  await action();
  await setTimeout(1500);
  return Promise.all(streams.map(({ stop }) => stop()));
}

/** How a master is lost, and how it comes back. */
interface Loss {
  readonly title: string;
  readonly happen: (scene: Scene, pod: Pod) => unknown;
  readonly repair: (scene: Scene, pod: Pod) => unknown;
}

async function replace({ cluster, manifests, routers }: Scene, pod: Pod): Promise<void> {
  const index = routers.indexOf(pod);
  const deployment = manifests.deployments.find(({ metadata }) => metadata?.name === `vlan-router-${index}`);
  if (!deployment) throw new Error('there is no such router');
  routers[index] = startRouter(cluster, manifests, deployment, pod.node);
  await untilReady(routers);
}

const LOSSES: readonly Loss[] = [
  {
    title: 'killed',
    happen: (_, pod) => pod.crash(),
    repair: async ({ routers }, pod) => {
      pod.restart();
      await untilReady(routers);
    },
  },
  {
    title: 'told to go',
    happen: (_, pod) => pod.kill('SIGTERM'),
    repair: async (scene, pod) => {
      await pod.remove();
      await replace(scene, pod);
    },
  },
  {
    title: 'cut off with its node',
    happen: ({ cluster, vlan }, pod) => {
      cutOff(cluster.underlay, pod.node.number);
      cutOff({ ...cluster.underlay, fabric: vlan.router }, pod.node.number);
    },
    repair: async ({ cluster, vlan, ...scene }, pod) => {
      // As a node that was lost: its pods are gone by the time that it is back.
      await pod.crash();
      reconnect(cluster.underlay, pod.node.number);
      reconnect({ ...cluster.underlay, fabric: vlan.router }, pod.node.number);
      await pod.remove();
      await replace({ cluster, vlan, ...scene }, pod);
    },
  },
  {
    title: 'without keepalived',
    happen: (_, pod) => pod.kill('SIGKILL', 'keepalived'),
    repair: async ({ routers }, pod) => {
      pod.restart('keepalived');
      await untilReady(routers);
    },
  },
];

/**
 * How often the addresses go over, once in each way: `LOSSES=20 npm run test:file --
 * test/datapath/failover-connections.test.ts` for the figure of the docs.
 */
const ROUNDS = Number(process.env['LOSSES'] ?? LOSSES.length);

describeDatapath('a connection by an address that the routers share', () => {
  it('loses nothing when its router is lost, in whatever way', async () => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepare(cluster);
    for (let count = 0; count < ROUNDS; count++) {
      const { happen, repair } = LOSSES[count % LOSSES.length] as Loss;
      const before = master(scene.routers);
      const streams = await streamsWhile(scene, () => happen(scene, before));
      for (const { sent, returned, error } of streams) expect({ returned, error }).toEqual({ returned: sent });
      await repair(scene, before);
      await eventually(() => expect(masters(scene.routers)).toHaveLength(1));
      expect(master(scene.routers)).not.toBe(before);
    }
  }, 600_000);

  it('would not last if nobody tells the other of connections', async () => {
    const images = {};
    using cluster = createCluster({ nodes: 3, images });
    const change = withPrograms(cluster, images, /"-c",\s*"-f",\s*"-R",\s*"-B"/, '"-f"');
    const scene = await prepare(cluster, change);
    const streams = await streamsWhile(scene, () => master(scene.routers).crash());
    expect(streams.map(({ error }) => error === undefined)).toEqual([false, false]);
  });
});
