import { afterAll, beforeAll, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAnswered, lost, outage, startEchoServer, startTraffic, tryTraffic } from '../datapath/bed/traffic.ts';
import { INTERNET } from '../datapath/bed/underlay.ts';
import { ACCIDENTS, type Scene, sceneOf } from './accidents.ts';
import { describeCluster } from './describe.ts';
import { IMPOSTORS } from './impostors.ts';
import { install, rendered, uninstall } from './installation.ts';
import { clients } from './pods.ts';

const EVERYWHERE = [INTERNET.IPv4, INTERNET.IPv6];

describeCluster('no packet of a client takes another way when', {}, (cluster) => {
  const manifests = rendered('multi-node', { subnets: ['192.168.50.0/24', 'fd00:50::/64'] });
  let scene: Scene | undefined;
  beforeAll(async () => {
    await startEchoServer(cluster().underlay.internet);
    await install(cluster(), manifests);
    scene = await sceneOf(cluster(), manifests, await clients(cluster()));
  }, 120_000);
  afterAll(async () => uninstall(cluster(), manifests), 120_000);

  it.each([...IMPOSTORS, ...ACCIDENTS])(
    '$title',
    async ({ title, happen, outage: most, replacesClients = false }) => {
      if (scene === undefined) throw new Error('nothing is installed');
      const { clients: all } = scene;
      // What the accident before has left.
      for (const { namespace } of all) {
        await expect
          .poll(async () => isAnswered(await tryTraffic(namespace, EVERYWHERE)), { timeout: 20_000 })
          .toBe(true);
      }
      const before = all.map(({ strays }) => strays());
      const traffic = await Promise.all(all.map(({ namespace }) => startTraffic(namespace, EVERYWHERE)));
      await sleep(1000);
      await happen(scene);
      await sleep(3000);
      const reports = (await Promise.all(traffic.map(({ stop }) => stop()))).flat();
      if (!replacesClients) expect(all.map(({ strays }) => strays())).toEqual(before);
      const longest = Math.max(...reports.map(({ udp }) => outage(udp)));
      const missing = reports.reduce((sum, { udp }) => sum + lost(udp), 0);
      console.log(`${title}: ${missing} datagrams lost, answers out for ${longest} ms at most`);
      if (most === undefined) expect(missing).toBe(0);
      else expect(longest).toBeLessThan(most);
    },
    120_000,
  );
});
