import { expect, it } from 'vitest';
import { run } from '../agent/namespace.ts';
import { ROUTER_NODE } from './accidents.ts';
import { type Client, startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { countedPackets } from './bed/counter.ts';
import { example } from './bed/example.ts';
import { install, type Installation, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { withRoutes } from './bed/routes.ts';

const BOTH = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };

/** Shared addresses (RFC 6598), where VPN providers have name servers, and others that are not of the internet. */
const IPV4 = ['100.64.0.1', '100.127.255.254', '198.18.0.1', '192.0.0.170', '192.88.99.1'];

/** One of each part of `::/0` that is neither global unicast nor of the cluster, site-local addresses among them. */
const IPV6 = [
  ['::203.0.113.10', '64:ff9b::1', '64:ff9b:1::1', '100::1', '400::1', '1000::1', '5f00::1', '8000::1', 'c000::1'],
  ['e000::1', 'f000::1', 'f800::1', 'fe00::1', 'fec0::1', 'feff::1'],
].flat();

/** Sends three echo requests to each address, and gives how many left by each interface. */
function ping({ namespace }: Client, addresses: readonly string[]): Readonly<Record<'eth0' | 'net1', number>> {
  const table = (device: string) => `table inet odd_${device} {
	chain out {
		type filter hook postrouting priority 300;
${addresses.map((to) => `\t\toifname ${device} ${to.includes(':') ? 'ip6' : 'ip'} daddr ${to} counter`).join('\n')}
	}
}`;
  run(namespace, `nft -f - <<END\n${table('eth0')}\n${table('net1')}\nEND`);
  const pings = addresses.map((address) => `ping -n -q -c 3 -i 0.1 -W 1 ${address} &`);
  run(namespace, `(${pings.join(' ')} wait) >/dev/null 2>&1; true`);
  const counted = (device: string) => countedPackets(run(namespace, `nft list table inet odd_${device}`));
  return { eth0: counted('eth0'), net1: counted('net1') };
}

/** Of three to each, the kernel drops some while it asks who has the address. */
function expectNetwork(seen: Readonly<Record<'eth0' | 'net1', number>>, addresses: readonly string[]): void {
  expect(seen.eth0).toBe(0);
  expect(seen.net1).toBeGreaterThanOrEqual(addresses.length);
}

async function prepare(installation: Installation): Promise<Client> {
  await untilReady([...installation.agents, ...installation.routers]);
  return startClient(installation, 2);
}

describeDatapath('no packet takes the primary network', () => {
  it('to an address of neither the internet nor the cluster', async () => {
    using cluster = createCluster();
    const client = await prepare(install(cluster, example('multi-node', BOTH), ROUTER_NODE));
    const all = [...IPV4, ...IPV6];
    expectNetwork(ping(client, all), all);
  });

  it('nor of a family that the network does not have', async () => {
    using cluster = createCluster();
    const client = await prepare(install(cluster, example('multi-node'), ROUTER_NODE));
    // Into the network, where nobody answers for them.
    expectNetwork(ping(client, IPV6), IPV6);
  });

  it('as it would with routes for private ranges and global unicast alone', async () => {
    using cluster = createCluster();
    const installation = install(cluster, example('multi-node', BOTH), ROUTER_NODE);
    const narrow = ({ dst }: { readonly dst: string }) => /^([23]|64:ff9b:)/.test(dst);
    const client = await prepare(withRoutes(installation, (routes) => routes.filter(narrow)));
    expect(ping(client, IPV6).eth0).toBeGreaterThan(0);
  });
});
