import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { type Namespace, run } from '../agent/namespace.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import type { Pod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';
import { INTERNET } from './bed/underlay.ts';
import { createVlan, VLAN } from './bed/vlan.ts';

const WAYS = ['Network', 'ClusterNetwork'] as const;
/** Addresses of which nobody answers, behind the VLAN and on the internet. */
const NOBODY = { Network: '198.51.100.77', ClusterNetwork: '203.0.113.77' } as const;

interface Scene {
  readonly router: Pod;
  /** Has the address that answers. */
  readonly outside: Namespace;
}

/** A router that asks for some addresses by way of its egress; does not wait for it. */
function prepare(cluster: Cluster, way: (typeof WAYS)[number], addresses: readonly string[]): Scene {
  const healthCheck = { 'gateway.healthCheck.addresses': addresses };
  const vlan = way === 'Network' ? createVlan(cluster) : undefined;
  const source = vlan
    ? example('untrusted-vlan', healthCheck).replaceAll('eth1.99', 'eth1')
    : example('dual-stack', { 'overlay.underlay': undefined, ...healthCheck });
  const [router] = install(cluster, source, 2).routers;
  if (!router) throw new Error('there is no router');
  return { router, outside: vlan?.server ?? cluster.underlay.internet };
}

/** Seconds until the probe says something. */
async function until(router: Pod, expected: RegExp): Promise<number> {
  const since = Date.now();
  await eventually(() => expect(router.probe().output).toMatch(expected));
  return (Date.now() - since) / 1000;
}

/** The time of the processor that a pod's processes and their ended children have had, in seconds. */
function processorTime(router: Pod): number {
  const ticks = router.processes().flatMap((pid) => {
    const path = `/proc/${pid}/stat`;
    const [, fields = ''] = existsSync(path) ? readFileSync(path, 'utf8').split(') ') : [];
    return fields.split(' ').slice(11, 15).map(Number);
  });
  return ticks.reduce((sum, count) => sum + count, 0) / 100;
}

describeDatapath('a health check', () => {
  it.each(WAYS)('keeps a router from being ready while none of its addresses answers, by %s', async (way) => {
    using cluster = createCluster();
    const { IPv4, IPv6 } = way === 'Network' ? VLAN.server : INTERNET;
    const { router, outside } = prepare(cluster, way, [NOBODY[way], IPv4, IPv6]);
    await untilReady([router]);
    const silence = (rules: string): void => {
      run(
        outside,
        `nft 'table inet silence; flush table inet silence; table inet silence { chain in { type filter hook input priority 0; ${rules} }; }'`,
      );
    };
    const families = ['icmp type echo-request drop;', 'icmpv6 type echo-request drop;'];
    for (const family of families) {
      silence(family);
      await setTimeout(2500);
      expect(router.probe().output).toMatch(/^ready/);
    }
    silence(families.join(' '));
    const given = await until(router, /^not ready: none of .* answers through (net2|eth0)$/);
    expect(given).toBeLessThan(10);
    run(outside, 'nft delete table inet silence');
    const back = await until(router, /^ready/);
    expect(back).toBeLessThan(10);
    console.log(`${way}: not ready after ${given} s, ready again after ${back} s`);
  });

  it('asks by way of the egress and no other', async () => {
    using cluster = createCluster();
    const { router } = prepare(cluster, 'Network', [INTERNET.IPv4, INTERNET.IPv6]);
    expect(run(router.node.namespace, `ping -n -c 1 -W 1 ${INTERNET.IPv4}`)).toContain(' 1 received');
    await until(router, /^not ready: none of 203\.0\.113\.10 2001:db8::10 answers through net2$/);
    await setTimeout(2000);
    expect(router.probe().output).toMatch(/^not ready: none of/);
  });

  it('costs little', async () => {
    using cluster = createCluster();
    const { router } = prepare(cluster, 'Network', [VLAN.server.IPv4, VLAN.server.IPv6]);
    await untilReady([router]);
    await setTimeout(4000);
    const before = processorTime(router);
    await setTimeout(20_000);
    const share = (processorTime(router) - before) / 20;
    console.log(`a router with two addresses to ask for takes ${(share * 100).toFixed(1)} % of a core`);
    expect(share).toBeLessThan(0.05);
  });
});
