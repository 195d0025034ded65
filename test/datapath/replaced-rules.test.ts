import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Namespace, run } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { INTERNET } from './bed/underlay.ts';

const FIELDS = {
  subnets: ['192.168.50.0/24', 'fd00:50::/64'],
  'gateway.firewall': { deny: [{ cidrs: ['203.0.113.64/26', '203.0.113.128/25'] }] },
};
/** What the rules keep from clients: in the cluster's networks, and denied. */
const CLOSED = ['10.123.0.1', 'fd00:123::1', '203.0.113.70'];
const TIMES = 80;

/** Replaces our tables in a namespace by what they are, in one transaction each time, as agents and routers do. */
async function replaceRules(namespace: Namespace): Promise<void> {
  const tables = run(namespace, 'nft list tables').match(/^table \S+ gwn_\S+|^table \S+ gateway$/gm) ?? [];
  expect(tables).not.toEqual([]);
  const text = tables.map((table) => `delete ${table}\n${run(namespace, `nft -s list ${table}`)}`).join('');
  for (let time = 0; time < TIMES; time += 1) {
    execFileSync('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], { input: text });
    await setTimeout(50);
  }
}

/** Sends echo requests until it is told to end; gives how many were not answered. */
function ping(namespace: Namespace, address: string): () => Promise<number> {
  const child = spawn('ip', ['netns', 'exec', namespace, 'ping', '-n', '-q', '-i', '0.001', '-W', '1', address]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return async () => {
    child.kill('SIGINT');
    await once(child, 'close');
    const [, sent, answered] = /(\d+) packets transmitted, (\d+) received/.exec(output) ?? [];
    expect(Number(sent)).toBeGreaterThan(500);
    return Number(sent) - Number(answered);
  };
}

/** Counts what leaves by the primary interface for an address, behind all other rules. */
function countLeaving(namespace: Namespace, address: string): () => number {
  const name = `seen_${address.replaceAll(/\W/g, '_')}`;
  const match = `${address.includes(':') ? 'ip6' : 'ip'} daddr ${address}`;
  const chain = 'type filter hook egress device eth0 priority 0;';
  run(namespace, `nft 'table netdev ${name} { chain out { ${chain} ${match} counter; }; }'`);
  return () => Number(/packets (\d+)/.exec(run(namespace, `nft list table netdev ${name}`))?.[1]);
}

describeDatapath('while rules are replaced', () => {
  it('nothing is lost, and nothing passes that they keep back', async () => {
    using cluster = createCluster();
    const installation = install(cluster, example('multi-node', FIELDS), 2);
    await untilReady([...installation.agents, ...installation.routers]);
    const [router = ''] = installation.routers.map(({ namespace }) => namespace);
    const [client, other] = [1, 2].map((number) => startClient(installation, number));
    const pod = client?.namespace ?? '';
    // A client that is root may send all of it to the gateway.
    run(pod, 'ip route replace 10.123.0.0/24 via 192.168.50.1 dev net1');
    run(pod, 'ip route replace fd00:123::/64 via fd00:50::1 dev net1');
    const leaving = CLOSED.map((address) => countLeaving(router, address));
    const near = (other?.results['eth0']?.ips ?? []).map(({ address }) => address.replace(/\/.*/, ''));
    const open = [INTERNET.IPv4, INTERNET.IPv6, ...near].map((address) => ping(pod, address));
    const closed = CLOSED.map((address) => ping(pod, address));
    for (const namespace of [router, ...cluster.nodes.map((node) => node.namespace)]) await replaceRules(namespace);
    expect(await Promise.all(open.map((stop) => stop()))).toEqual(open.map(() => 0));
    await Promise.all(closed.map((stop) => stop()));
    expect(leaving.map((count) => count())).toEqual(CLOSED.map(() => 0));
  });
});
