import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import type { Pod } from './bed/pod.ts';
import { describeVpn } from './bed/requirements.ts';
import { createTunnelCluster, installTunnel, WIREGUARD } from './tunnels.ts';

const SECONDS = 60;
/** How many ticks of the clock a second has in /proc (sysconf _SC_CLK_TCK, the same on every Linux). */
const TICKS = 100;

/** A file of each process of a container; of those that have just ended there is none. */
function read(pod: Pod, file: string): string[] {
  return pod.processes().flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/${file}`, 'utf8')];
    } catch {
      return [];
    }
  });
}

/** The processor time of a container, in seconds, that of its ended children included. */
function processorTime(pod: Pod): number {
  const ticks = read(pod, 'stat').map((stat) => {
    const fields = stat.split(') ')[1]?.split(' ') ?? [];
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  });
  return ticks.reduce((sum, value) => sum + value, 0) / TICKS;
}

/** The memory of a container, in bytes, what is shared divided among those who share it. */
function memory(pod: Pod): number {
  const sizes = read(pod, 'smaps_rollup').map((text) => Number(/^Pss: +(\d+)/m.exec(text)?.[1] ?? 0));
  return sizes.reduce((sum, size) => sum + size * 1024, 0);
}

/** All are measured at the same time. */
describeVpn('with nothing to do', () => {
  it.concurrent.each([
    ['2 peers', [], 0.012],
    ['500 peers', Array.from({ length: 500 }, (_, index) => `10.9.${Math.floor(index / 250)}.${index % 250}`), 0.012],
  ] as const)(
    `an agent costs next to nothing in ${SECONDS} seconds: %s`,
    async (_, peers, share) => {
      using cluster = createCluster();
      const { agents, routers } = install(cluster, example('multi-node'), 2);
      if (peers.length > 0) {
        const own = cluster.nodes.map(({ addresses }) => addresses.IPv4);
        cluster.dns.write([...own, ...peers].map((address) => `${address} vpn-peers.egress.svc.cluster.local`));
      }
      await untilReady([...agents, ...routers]);
      await setTimeout(12_000);
      const [agent] = agents as [Pod];
      const before = processorTime(agent);
      const sizes: number[] = [];
      for (let second = 0; second < SECONDS; second++) {
        await setTimeout(1000);
        sizes.push(memory(agent));
      }
      const used = (processorTime(agent) - before) / SECONDS;
      console.log(`an idle agent, ${peers.length} strange peers: ${(used * 100).toFixed(2)} % of a core`);
      expect(used).toBeLessThan(share);
      expect(Math.max(...sizes)).toBeLessThan(8 * 2 ** 20);
    },
    120_000,
  );

  it.concurrent(`a router with a tunnel costs next to nothing in ${SECONDS} seconds`, async () => {
    using cluster = createTunnelCluster();
    const { server, router } = await installTunnel(cluster, WIREGUARD);
    server.start();
    await untilReady([router()]);
    await setTimeout(12_000);
    const before = processorTime(router());
    const sizes: number[] = [];
    for (let second = 0; second < SECONDS; second++) {
      await setTimeout(1000);
      sizes.push(memory(router()));
    }
    const used = (processorTime(router()) - before) / SECONDS;
    expect(used).toBeLessThan(0.02);
    // wireguard-go takes most of it, which the kernel's own WireGuard does without.
    expect(Math.max(...sizes)).toBeLessThan(16 * 2 ** 20);
  }, 120_000);
});
