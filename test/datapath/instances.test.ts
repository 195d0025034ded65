import { setTimeout } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { createCluster } from './bed/cluster.ts';
import { untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { startStream } from './bed/traffic.ts';
import { cutOff, INTERNET, reconnect } from './bed/underlay.ts';
import { startClient } from './bed/client.ts';
import { master, masters, outages, prepareRouters, trafficWhile } from './failover.ts';
import { holders, startInstance, watchHolders } from './instances.ts';
import { prepare } from './live.ts';
import { withPrograms } from './with-programs.ts';

const GATEWAY = '192.168.50.1';
const WAITING = /^not ready: waiting for the end of another instance of this router/;
const YOUNGER = 'not ready: a younger instance of this router has its addresses';
const said = (pod: { probe: (container?: string) => { output: string } }) => pod.probe('router').output;

describeDatapath('a second instance of a router', () => {
  it('waits for the end of the first, which loses nothing, and then has its addresses', async () => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepare(cluster);
    const { router, client } = scene;
    const stream = await startStream(client.namespace, INTERNET.IPv4);
    const pods = [router];
    const together = watchHolders(pods, GATEWAY);
    let removed = 0;
    const { reports } = await trafficWhile(
      [client],
      async () => {
        const second = startInstance(scene, 0, 3);
        pods.push(second);
        await eventually(() => expect(said(second)).toMatch(WAITING));
        await setTimeout(1000);
        expect(said(second)).toMatch(WAITING);
        const { error, sent, returned } = await stream.stop();
        expect({ error, returned }).toEqual({ error: undefined, returned: sent });
        removed = Date.now();
        await router.remove();
      },
      4000,
    );
    for (const { udp } of reports) {
      expect(udp.filter(([sent, answered]) => sent < removed - 100 && answered === 0)).toEqual([]);
    }
    const { udp, tcp } = outages(reports, removed);
    console.log(`after the end of the first, out for ${udp} ms (TCP ${tcp})`);
    expect(Math.max(udp, tcp)).toBeLessThan(4000);
    await untilReady(pods.slice(1));
    expect(together()).toBe(0);
  });

  it('waits no longer than the first may take to end, and the first gives way', async () => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepare(cluster);
    const { router } = scene;
    const second = startInstance(scene, 0, 3);
    const together = watchHolders([router, second], GATEWAY);
    const begin = Date.now();
    while (Date.now() < begin + 20_000 && holders([second], GATEWAY).length === 0) await setTimeout(100);
    console.log(`taken after ${Date.now() - begin} ms`);
    expect(Date.now() - begin).toBeGreaterThan(9000);
    await eventually(() => expect(said(router)).toBe(YOUNGER));
    await untilReady([second]);
    await setTimeout(15_000);
    expect(said(router)).toBe(YOUNGER);
    console.log(`both had the addresses for ${together()} ms`);
    expect(together()).toBeLessThan(10_000);
    await second.remove();
    await untilReady([router]);
  }, 90_000);

  it('is not held up by one on a node that is lost, which gives way when that comes back', async () => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepare(cluster);
    const { router, client } = scene;
    cutOff(cluster.underlay, 2);
    const begin = Date.now();
    const second = startInstance(scene, 0, 3);
    await untilReady([second]);
    console.log(`ready ${Date.now() - begin} ms after it was started`);
    expect(Date.now() - begin).toBeLessThan(6000);
    reconnect(cluster.underlay, 2);
    const { reports, moment } = await trafficWhile(
      [client],
      async () => {
        const healed = Date.now();
        await eventually(() => expect(said(router)).toBe(YOUNGER));
        console.log(`given way after ${Date.now() - healed} ms`);
        expect(Date.now() - healed).toBeLessThan(10_000);
      },
      4000,
    );
    console.log(outages(reports, moment));
    expect(holders([router, second], GATEWAY)).toEqual([second]);
    expect(said(second)).toBe('ready');
    const after = await trafficWhile([client], () => undefined, 2000);
    expect(outages(after.reports, after.moment)).toEqual({ udp: 0, tcp: 0 });
  }, 90_000);
});

describeDatapath('a router of two that is deleted', () => {
  it('serves until its time is over, beside a successor that waits', async () => {
    using cluster = createCluster({ nodes: 3 });
    const installation = await prepareRouters(cluster, 'ha-vrrp');
    const { routers } = installation;
    const [first, old] = routers;
    if (!first || !old) throw new Error('there are no two routers');
    await first.kill('SIGKILL', 'keepalived');
    await eventually(() => expect(masters(routers)).toEqual([old]));
    first.restart('keepalived');
    await untilReady(routers);
    const client = startClient(installation, 3);
    const stream = await startStream(client.namespace, INTERNET.IPv4);
    const { reports, moment } = await trafficWhile(
      [client],
      async () => {
        const ended = old.remove();
        const successor = startInstance(installation, 1, 3);
        const together = watchHolders([old, successor], '192.168.50.3');
        await setTimeout(15_000);
        expect(said(successor)).toMatch(WAITING);
        expect(master([...routers, successor])).toBe(old);
        const { error, sent, returned } = await stream.stop();
        expect({ error, returned }).toEqual({ error: undefined, returned: sent });
        await ended;
        await untilReady([first, successor]);
        expect(together()).toBe(0);
        expect(master([first, successor])).toBe(first);
      },
      2000,
    );
    const { udp, tcp } = outages(reports, moment + 15_000);
    console.log(`out for ${udp} ms (TCP ${tcp})`);
  }, 120_000);
});

describeDatapath('these tests would see', () => {
  it('that a second instance does not wait, and that the first does not give way', async () => {
    const images = {};
    using cluster = createCluster({ nodes: 3, images });
    const scene = await prepare(cluster);
    const { manifests, router } = scene;
    withPrograms(cluster, images, /if \(why !== void 0\) return why;/, '')(manifests);
    const second = startInstance(scene, 0, 3);
    const together = watchHolders([router, second], GATEWAY);
    await untilReady([second]);
    expect(second.log()).not.toContain('waiting for');
    await eventually(() => expect(said(router)).toBe(YOUNGER));
    expect(together()).toBeGreaterThan(0);
    await second.remove();
    await router.remove();

    withPrograms(cluster, images, /isHeld && !others\.hears\("younger"\)/, 'isHeld')(manifests);
    const third = startInstance(scene, 0, 2);
    await untilReady([third]);
    const fourth = startInstance(scene, 0, 3);
    const both = () => holders([third, fourth], GATEWAY);
    await vi.waitFor(() => expect(both()).toHaveLength(2), { timeout: 60_000, interval: 100 });
    // The first would have given way by now.
    await setTimeout(5000);
    expect(both()).toHaveLength(2);
  }, 180_000);
});
