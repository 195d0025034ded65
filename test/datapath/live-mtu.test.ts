import { expect, it } from 'vitest';
import { run, tryRun } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { countIncoming } from './bed/counter.ts';
import type { Installation } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { lostWhile, prepare, SOON, soon } from './live.ts';

describeDatapath('a router whose MTU is changed', () => {
  it('takes a smaller MTU, which the packets of clients then fit', async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster);
    const fits = (size: number) =>
      tryRun(scene.client.namespace, `ping -n -c 3 -i 0.2 -W 1 -M do -s ${size - 28} 192.168.50.1`);
    // By 40 bytes of headers less than the MTU.
    const segments = countIncoming(cluster.underlay.internet, 'eth0', {
      matches: ['tcp flags & (syn | rst) == syn tcp option maxseg size 1360'],
    });
    expect(fits(1450)).toContain(' 0% packet loss');
    const count = await lostWhile(scene, async () => {
      scene.change({ 'overlay.underlay': { mtu: 1450 } });
      const took = await soon(() => run(scene.router.namespace, 'cat /sys/class/net/net1/mtu').trim() === '1400');
      expect(took).toBeLessThan(SOON);
    });
    expect(count).toBe(0);
    // The kernel lets the four bytes of a VLAN tag pass beside.
    expect(fits(1405)).toBeUndefined();
    expect(fits(1400)).toContain(' 0% packet loss');
    expect(segments()).toBeGreaterThan(0);
    expect(scene.router.probe().output).toBe('ready');
  });

  it('takes a larger MTU, as its node does, and packets of new clients fit that', async () => {
    using cluster = createCluster();
    const scene = await prepare(cluster, { 'overlay.underlay': { mtu: 1450 } });
    const { router } = scene;
    const mtu = () => run(router.namespace, 'cat /sys/class/net/net1/mtu').trim();
    expect(mtu()).toBe('1400');
    let changed: Installation = scene;
    const count = await lostWhile(scene, async () => {
      changed = { ...scene, manifests: scene.change({}) };
      expect(await soon(() => mtu() === '1450')).toBeLessThan(SOON);
      const agent = scene.agents[1];
      await soon(() => agent?.log().includes('MTU of a router raised to 1450, it was 1400'));
    });
    expect(count).toBe(0);
    const client = startClient(changed, 1);
    for (const [address, overhead] of [
      ['192.168.50.1', 28],
      ['fd00:50::1', 48],
    ] as const) {
      const ping = `ping -n -c 3 -i 0.2 -W 1 -M do -s ${1450 - overhead} ${address}`;
      expect(run(client.namespace, ping)).toContain(' 0% packet loss');
    }
    expect(router.probe().output).toBe('ready');
  });
});
