import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { type Namespace, run } from '../agent/namespace.ts';
import { type Client, startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { type IdleConnection, openIdle } from './bed/idle-connection.ts';
import { install, untilReady } from './bed/installation.ts';
import type { Pod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';
import { startEchoServer } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';
import { createVlan, VLAN } from './bed/vlan.ts';
import { masters, prepareRouters } from './failover.ts';
import { startInstance } from './instances.ts';
import { prepare } from './live.ts';

const OUT = [INTERNET.IPv4, INTERNET.IPv6];
const BY_VLAN = [VLAN.server.IPv4, VLAN.server.IPv6];
const RESET = 'read ECONNRESET';
const REASON = /counter packets (\d+) bytes \d+ reject with tcp reset comment "connection-of-former-router"/g;

const open = ({ namespace }: Client, addresses: readonly string[]) =>
  Promise.all(addresses.map((address) => openIdle(namespace, address)));
const send = (connections: readonly IdleConnection[]) => Promise.all(connections.map((each) => each.send()));

/** A host that says nothing of connections which it does not know, as behind a stateful packet filter. */
function silence(host: Namespace): void {
  run(
    host,
    `nft 'table inet silence { chain in { type filter hook input priority 0; ct state invalid drop;
      ct state new tcp flags & (fin | syn | rst | ack) != syn drop; }; }'`,
  );
}

/** How many packets a router has answered with a reset. */
function resets({ namespace }: Pod): number {
  return [...run(namespace, 'nft list ruleset').matchAll(REASON)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Waits until one of two routers has the gateway's addresses, and gives it with the other. */
async function oneOf(routers: readonly Pod[]): Promise<readonly [Pod, Pod]> {
  await eventually(() => expect(masters(routers)).toHaveLength(1));
  const [one] = masters(routers);
  const other = routers.find((each) => each !== one);
  if (!one || !other) throw new Error('there are no two routers');
  return [one, other];
}

describeDatapath('a connection on which nothing is sent while its router is replaced', () => {
  it('is reset when the client sends, and new ones go on', async () => {
    using cluster = createCluster({ nodes: 3 });
    silence(cluster.underlay.internet);
    const scene = await prepare(cluster);
    const old = await open(scene.client, OUT);
    await scene.router.remove();
    const successor = startInstance(scene, 0, 3);
    await untilReady([successor]);
    expect(await send(old)).toEqual([RESET, RESET]);
    expect(resets(successor)).toBe(2);
    const fresh = await open(scene.client, OUT);
    await successor.kill('SIGKILL', 'router');
    successor.restart('router');
    await untilReady([successor]);
    expect(await send(fresh)).toEqual(['echo', 'echo']);
    // Its rules are loaded anew.
    expect(resets(successor)).toBe(0);
  });

  it('goes on where the successor has the same address outside', async () => {
    using cluster = createCluster({ nodes: 3 });
    await startEchoServer(createVlan(cluster).server);
    const installation = install(cluster, example('untrusted-vlan').replaceAll('eth1.99', 'eth1'), 2);
    await untilReady([...installation.agents, ...installation.routers]);
    const client = startClient(installation, 1);
    const old = await open(client, [VLAN.server.IPv4]);
    await installation.routers[0]?.remove();
    await untilReady([startInstance(installation, 0, 3)]);
    expect(await send(old)).toEqual(['echo']);
  });

  it('is reset by the other of two routers that share no address outside', async () => {
    using cluster = createCluster({ nodes: 3 });
    silence(cluster.underlay.internet);
    const installation = await prepareRouters(cluster, 'ha-vrrp');
    const [active, other] = await oneOf(installation.routers);
    const client = startClient(installation, 3);
    const old = await open(client, OUT);
    await active.crash();
    await eventually(() => expect(masters([other])).toEqual([other]));
    await setTimeout(3500);
    expect(await send(old)).toEqual([RESET, RESET]);
    expect(resets(other)).toBe(2);
  });

  it('goes on by the other of two that share one, and is reset where that does not know it', async () => {
    using cluster = createCluster({ nodes: 3 });
    const vlan = createVlan(cluster);
    silence(vlan.server);
    await startEchoServer(vlan.server);
    const installation = await prepareRouters(cluster, 'ha-vlan-conntrack');
    const [active, other] = await oneOf(installation.routers);
    const client = startClient(installation, 3);
    const old = await open(client, BY_VLAN);
    await active.crash();
    await eventually(() => expect(masters([other])).toEqual([other]));
    expect(await send(old)).toEqual(['echo', 'echo']);
    await setTimeout(5000);
    expect(await send(old)).toEqual(['echo', 'echo']);
    expect(resets(other)).toBe(0);
    run(other.namespace, 'conntrack -F 2>/dev/null');
    expect(await send(old)).toEqual([RESET, RESET]);
  });
});

describeDatapath('these tests would see', () => {
  it('a router that resets nothing', async () => {
    using cluster = createCluster({ nodes: 3 });
    silence(cluster.underlay.internet);
    await startEchoServer(cluster.underlay.internet);
    const source = example('dual-stack', { 'overlay.underlay': undefined });
    const installation = install(cluster, source, 2, (manifests) => {
      for (const { data = {} } of manifests.configMaps) {
        if (data['rules.nft']?.includes('tcp reset'))
          data['rules.nft'] = data['rules.nft'].replace(/.*tcp reset.*\n/, '');
      }
      return manifests;
    });
    await untilReady([...installation.agents, ...installation.routers]);
    const old = await open(startClient(installation, 1), OUT);
    await installation.routers[0]?.remove();
    await untilReady([startInstance(installation, 0, 3)]);
    expect(await send(old)).toEqual(['nothing', 'nothing']);
  });
});
