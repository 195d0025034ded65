import { expect, it } from 'vitest';
import { run, tryRun } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { startEchoServer, transfer } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';

const BOTH = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };
const JUMBO = { ...BOTH, 'overlay.underlay': { mtu: 9000 } };

/** The lengths, in bytes, of the headers before what ping sends: IPv4 or IPv6, and ICMP. */
const HEADERS = { IPv4: 28, IPv6: 48 } as const;
const GATEWAY = { IPv4: '192.168.50.1', IPv6: 'fd00:50::1' } as const;

async function prepare(name: string, fields: Readonly<Record<string, unknown>>, underlayMtu: number) {
  const cluster = createCluster({ underlayMtu });
  await startEchoServer(cluster.underlay.internet);
  const installation = install(cluster, example(name, fields), 2);
  await untilReady([...installation.agents, ...installation.routers]);
  const client = startClient(installation, 1);
  return { cluster, client, router: installation.routers[0]?.namespace ?? '' };
}

describeDatapath('a packet of', () => {
  it.each([
    ['over IPv4', 1450, 'multi-node', BOTH, 1500],
    ['over IPv6', 1430, 'dual-stack', {}, 1500],
    ['over IPv4 with an MTU of 9000', 8950, 'multi-node', JUMBO, 9000],
  ] as const)('%s: %i bytes pass, and not one more', async (_, mtu, name, fields, underlayMtu) => {
    const { cluster, client } = await prepare(name, fields, underlayMtu);
    using _cluster = cluster;
    for (const family of ['IPv4', 'IPv6'] as const) {
      const ping = (size: number) =>
        tryRun(client.namespace, `ping -n -c 3 -i 0.2 -W 1 -M do -s ${size - HEADERS[family]} ${GATEWAY[family]}`);
      expect(ping(mtu)).toContain(' 0% packet loss');
      expect(ping(mtu + 1)).toBeUndefined();
    }
  });
});

describeDatapath('20 MB over TCP', () => {
  it('arrive whole without segmentation offload', async () => {
    const { cluster, client, router } = await prepare('multi-node', BOTH, 1500);
    using _cluster = cluster;
    for (const namespace of [client.namespace, router])
      run(namespace, 'ethtool -K net1 tso off gso off gro off tx off');
    for (const address of Object.values(INTERNET)) expect(await transfer(client.namespace, address, 20e6)).toBe(true);
  });

  it('arrive whole through a router with a smaller MTU outside, which the client learns', async () => {
    const { cluster, client, router } = await prepare('multi-node', BOTH, 1500);
    using _cluster = cluster;
    run(router, 'ip link set eth0 mtu 1400');
    for (const address of Object.values(INTERNET)) {
      tryRun(client.namespace, `ping -n -c 2 -i 0.2 -W 1 -M do -s 1390 ${address}`);
      expect(run(client.namespace, `ip route get ${address}`)).toMatch(/ mtu 1400\b/);
      expect(await transfer(client.namespace, address, 20e6)).toBe(true);
    }
  });
});
