import { expect } from 'vitest';
import { isAnswered, tryTraffic } from '../datapath/bed/traffic.ts';
import { INTERNET } from '../datapath/bed/underlay.ts';
import type { Cluster } from './cluster.ts';
import { untilReady } from './installation.ts';
import { clients } from './pods.ts';

/** Waits until all of a network's workloads run, and has its clients send. */
export async function expectEgress(cluster: Cluster, manifests: string): Promise<void> {
  await untilReady(cluster, manifests);
  const all = await clients(cluster);
  expect(all.length).toBeGreaterThan(0);
  for (const { namespace, strays } of all) {
    expect(isAnswered(await tryTraffic(namespace, [INTERNET.IPv4]))).toBe(true);
    expect(strays()).toBe(0);
  }
}
