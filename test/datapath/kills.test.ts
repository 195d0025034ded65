import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import type { Client } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { type Installation, startRouter, untilReady } from './bed/installation.ts';
import { startLoad } from './bed/load.ts';
import type { Pod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';
import { startEchoServer } from './bed/traffic.ts';
import { cutOff, INTERNET, reconnect } from './bed/underlay.ts';
import { createVlan, VLAN } from './bed/vlan.ts';
import { longestOutages, master, masters, prepareRouters, startClients, trafficWhile } from './failover.ts';

/**
 * How many rounds of each example, one of each way: `KILLS=50 npx vitest run
 * test/datapath/kills.test.ts` for the figures of the docs.
 */
const ROUNDS = Number(process.env['KILLS'] ?? 5);
/** As many as make eight of them on two cores. */
const LOOPS = 8;
/** The longest outage and the longest time until a router that was started is ready, in milliseconds. */
const OUTAGE = 6000;
const BACK = 15_000;

/** A way to lose the router that is master. Ends when it is lost; gives how it comes back. */
type Way = (scene: Installation, pod: Pod) => Promise<() => void | Promise<void>>;

const restarted = (pod: Pod, container?: string) => () => pod.restart(container);

const WAYS: Readonly<Record<string, Way>> = {
  'container keepalived killed': async (_, pod) => {
    await pod.kill('SIGKILL', 'keepalived');
    return restarted(pod, 'keepalived');
  },
  'pod killed': async (_, pod) => {
    await pod.crash();
    return restarted(pod);
  },
  deleted: async (scene, pod) => {
    const index = scene.routers.indexOf(pod);
    const deployment = scene.manifests.deployments.find(({ metadata }) => metadata?.name?.endsWith(`-router-${index}`));
    if (!deployment) throw new Error(`there is no router ${index}`);
    await pod.kill('SIGTERM');
    return async () => {
      await pod.remove();
      scene.routers[index] = startRouter(scene.cluster, scene.manifests, deployment, pod.node);
    };
  },
  'node lost': ({ cluster }, { node }) => {
    cutOff(cluster.underlay, node.number);
    return Promise.resolve(() => reconnect(cluster.underlay, node.number));
  },
  'container router killed': async (_, pod) => {
    await pod.kill('SIGKILL', 'router');
    return restarted(pod, 'router');
  },
};

/** Loses the master once and has it back, under traffic. */
async function round(scene: Installation, clients: readonly Client[], way: Way, addresses: readonly string[]) {
  const pod = master(scene.routers);
  const index = scene.routers.indexOf(pod);
  let back = 0;
  const bystanders = clients.filter(({ node }) => node !== pod.node);
  const { reports } = await trafficWhile(
    bystanders,
    async () => {
      const repair = await way(scene, pod);
      await setTimeout(3000);
      await repair();
      const started = Date.now();
      await untilReady(scene.routers);
      back = Date.now() - started;
    },
    1500,
    addresses,
  );
  expect(scene.routers[index]).toBeDefined();
  await eventually(() => expect(masters(scene.routers)).toHaveLength(1));
  return { ...longestOutages(reports), back };
}

describeDatapath('with eight busy loops beside', () => {
  it.each(['ha-vrrp', 'ha-vlan-conntrack'])(
    '%s loses its master again and again, and each is back',
    async (name) => {
      using cluster = createCluster({ nodes: 3 });
      const isVlan = name !== 'ha-vrrp';
      if (isVlan) await startEchoServer(createVlan(cluster).server);
      const scene = await prepareRouters(cluster, name);
      const clients = startClients(scene);
      const addresses = isVlan ? [VLAN.server.IPv4, VLAN.server.IPv6] : [INTERNET.IPv4, INTERNET.IPv6];
      using load = startLoad(LOOPS);
      await setTimeout(1000);
      for (let number = 0; number < ROUNDS; number++) {
        const [title, way] = Object.entries(WAYS)[number % Object.keys(WAYS).length] as [string, Way];
        await load.delay();
        const { udp, tcp, back } = await round(scene, clients, way, addresses);
        const delay = await load.delay();
        console.log(
          `${name} ${number}: ${title}: out ${udp} ms (TCP ${tcp}), back ${back} ms, waited up to ${delay} ms for a core`,
        );
        // What the load explains: an advert that is sent, received and acted upon late, each for as
        // long as a process may wait.
        expect(Math.max(udp, tcp)).toBeLessThan(OUTAGE + 2 * delay);
        expect(back).toBeLessThan(BACK);
      }
    },
    60_000 + ROUNDS * 30_000,
  );
});
