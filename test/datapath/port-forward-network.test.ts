import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import { leaks, startHolder } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { ECHO_PORT, isAnswered, startEchoServer, startStream, tryTraffic } from './bed/traffic.ts';
import { createVlan, VLAN, type Vlan } from './bed/vlan.ts';
import { watchSources } from './bed/watcher.ts';
import { GATEWAY, master, masters } from './failover.ts';

const PORT = 6881;
const SERVER = ['192.168.50.99', 'fd00:50::63'] as const;
const OWN = ['10.99.0.11', 'fd00:99::11'];
const SHARED = ['10.99.0.50', 'fd00:99::50'];
const CALLERS = [VLAN.attacker.IPv4, VLAN.attacker.IPv6];

interface Scene extends Installation {
  readonly vlan: Vlan;
  /** Who was seen to call the client. */
  readonly callers: () => readonly string[];
}

/** An example whose first client, on the third node, serves a port that the routers forward. */
async function prepare(cluster: Cluster, name: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Scene> {
  const vlan = createVlan(cluster);
  const source = example(name, {
    ...fields,
    reserved: SERVER,
    'gateway.portForwards': ['TCP', 'UDP'].map((protocol) => ({
      protocol,
      port: PORT,
      targetPort: ECHO_PORT,
      to: { addresses: SERVER },
    })),
  });
  const installation = install(cluster, source.replaceAll('eth1.99', 'eth1'), [1, 2]);
  await untilReady([...installation.agents, ...installation.routers]);
  const { namespace } = startHolder(installation, 3, SERVER);
  for (const address of SERVER) await startEchoServer(namespace, address);
  const calls = `meta l4proto { tcp, udp } th dport ${ECHO_PORT}`;
  const callers = watchSources(namespace, [`ip daddr ${SERVER[0]} ${calls}`, `ip6 daddr ${SERVER[1]} ${calls}`]);
  return { ...installation, vlan, callers };
}

async function answers({ vlan }: Scene, addresses: readonly string[], port = PORT): Promise<boolean> {
  return isAnswered(await tryTraffic(vlan.attacker, addresses, undefined, port));
}

describeDatapath('a port that is forwarded from another network', () => {
  it("is at the router's addresses there, whatever its lists say of who calls, and is the only one", async () => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepare(cluster, 'untrusted-vlan');
    for (const addresses of [OWN, SHARED]) {
      expect(await answers(scene, addresses)).toBe(true);
      expect(await answers(scene, addresses, ECHO_PORT)).toBe(false);
    }
    expect(scene.callers()).toEqual(CALLERS);
    expect(leaks(scene, [])).toBe(0);
  });

  it.each([
    ['come with their own addresses', {}, CALLERS],
    [
      "are of the cluster's networks",
      { 'cluster.cidrs': ['10.0.0.0/8', '172.16.0.0/12', 'fd00:10::/32', 'fd00:99::/64'] },
      GATEWAY,
    ],
  ])(
    'moves with the addresses that routers share, and connections of callers who %s go on',
    async (_, fields, seen) => {
      using cluster = createCluster({ nodes: 3 });
      const scene = await prepare(cluster, 'ha-vlan-conntrack', { ...fields, 'gateway.healthCheck': undefined });
      await eventually(() => expect(masters(scene.routers)).toHaveLength(1));
      expect(await answers(scene, SHARED)).toBe(true);
      const streams = await Promise.all(SHARED.map((address) => startStream(scene.vlan.attacker, address, PORT)));
      await setTimeout(500);
      const first = master(scene.routers);
      await first.crash();
      run(first.namespace, 'ip link set net1 down');
      await setTimeout(3000);
      for (const stream of streams) {
        const { sent, returned, error } = await stream.stop();
        expect({ returned, error }).toEqual({ returned: sent });
      }
      expect(masters(scene.routers.filter((router) => router !== first))).toHaveLength(1);
      expect(await answers(scene, SHARED)).toBe(true);
      expect(scene.callers()).toEqual(seen);
    },
  );
});
