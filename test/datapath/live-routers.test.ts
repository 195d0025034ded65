import type { V1Deployment } from '@kubernetes/client-node';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, startRouter, untilReady } from './bed/installation.ts';
import { render } from './bed/manifests.ts';
import type { Pod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';
import { startEchoServer, startStream } from './bed/traffic.ts';
import { createVlan, VLAN } from './bed/vlan.ts';
import { longestOutages, master, masters, outages, prepareRouters, startClients, trafficWhile } from './failover.ts';

const templates = (deployments: readonly V1Deployment[]) =>
  new Map(deployments.map(({ metadata, spec }) => [metadata?.name, spec?.template]));
const said = (router: Pod | undefined) => router?.probe('keepalived').output;
const BY_VLAN = (addresses: readonly string[]) =>
  example('ha-vlan-conntrack', { 'gateway.egress.network.addresses': addresses }).replaceAll('eth1.99', 'eth1');
const ADDRESSES = ['10.99.0.11/24', 'fd00:99::11/64', '10.99.0.12/24', 'fd00:99::12/64'];
const ACTIVE = "ready; this router has the gateway's addresses";

describeDatapath('a router that others are added to and taken from', () => {
  it('stays active, and is followed by any of them', async () => {
    using cluster = createCluster({ nodes: 3 });
    const installation = await prepareRouters(cluster, 'ha-vrrp');
    const { agents, routers, manifests } = installation;
    const clients = startClients(installation);
    const three = render(example('ha-vrrp', { 'gateway.replicas': 3 }));
    for (const [name, template] of templates(manifests.deployments)) {
      expect(templates(three.deployments).get(name)).toEqual(template);
    }
    const deployment = three.deployments.find(({ metadata }) => metadata?.name === 'vpn-router-2');
    const node = cluster.nodes[2];
    if (!deployment || !node) throw new Error('there is no third router');

    const added = await trafficWhile(
      clients,
      async () => {
        for (const pod of [...agents, ...routers]) pod.update(three);
        await eventually(() => expect(said(routers[0])).toContain('standby vpn-router-2: not ready'));
        routers.push(startRouter(cluster, three, deployment, node));
        await untilReady(routers);
        await eventually(() => expect(routers.map(said)).toEqual([ACTIVE, 'ready', 'ready']));
      },
      1000,
    );
    // Less than any failover takes. One datagram was lost once, on a busy machine.
    const { udp, tcp } = longestOutages(added.reports);
    expect(Math.max(udp, tcp)).toBeLessThan(500);
    expect(master(routers)).toBe(routers[0]);
    for (const router of routers) expect(router.log('keepalived')).not.toContain('keepalived has ended');

    await routers[0]?.crash();
    await eventually(() => expect(masters(routers.slice(1))).toEqual([routers[1]]));
    await routers[1]?.crash();
    await eventually(() => expect(masters(routers.slice(2))).toEqual([routers[2]]));
    for (const router of routers.slice(0, 2)) router.restart();
    await untilReady(routers);
    await eventually(() => expect(routers.map(said)).toEqual(['ready', 'ready', ACTIVE]));

    const removed = await trafficWhile(
      clients,
      async () => {
        // A router that is deleted serves for 40 s before it ends.
        await routers.pop()?.crash();
        for (const pod of [...agents, ...routers]) pod.update(manifests);
        await eventually(() => expect(new Set(routers.map(said))).toEqual(new Set(['ready', ACTIVE])));
      },
      1000,
    );
    expect(outages(removed.reports, removed.moment).udp).toBeLessThan(2000);
    expect(masters(routers)).toHaveLength(1);
  }, 180_000);
});

describeDatapath('a router beside one that gets another address on the egress', () => {
  it('is not replaced, tells of its connections again, and they outlive it', async () => {
    using cluster = createCluster({ nodes: 3 });
    const vlan = createVlan(cluster);
    await startEchoServer(vlan.server);
    const installation = install(cluster, BY_VLAN(ADDRESSES), [1, 2]);
    const { agents, routers, manifests } = installation;
    await untilReady([...agents, ...routers]);
    await eventually(() => expect(masters(routers)).toHaveLength(1));
    const active = master(routers);
    const index = 1 - routers.indexOf(active);
    const changed = render(BY_VLAN(ADDRESSES.map((each) => each.replace(index === 0 ? /11(?=\/)/ : /12(?=\/)/, '13'))));
    const name = (each: number) => `vlan-router-${each}`;
    expect(templates(changed.deployments).get(name(1 - index))).toEqual(
      templates(manifests.deployments).get(name(1 - index)),
    );
    const client = startClient(installation, 3);
    const servers = [VLAN.server.IPv4, VLAN.server.IPv6];
    const streams = await Promise.all(servers.map((address) => startStream(client.namespace, address)));

    for (const pod of [...agents, active]) pod.update(changed);
    await eventually(() => expect(active.log('connections')).toContain('conntrackd is started again'));
    const deployment = changed.deployments.find(({ metadata }) => metadata?.name === name(index));
    const standby = routers[index];
    if (!deployment || !standby) throw new Error('there is no such router');
    await standby.crash();
    await standby.remove();
    const successor = startRouter(cluster, changed, deployment, standby.node);
    await untilReady([active, successor]);
    expect(run(successor.namespace, 'ip addr show dev net2')).toContain('10.99.0.13/24');
    expect(masters([active, successor])).toEqual([active]);

    await active.crash();
    await eventually(() => expect(masters([successor])).toEqual([successor]));
    await setTimeout(1500);
    for (const { sent, returned, error } of await Promise.all(streams.map(({ stop }) => stop()))) {
      expect({ returned, error }).toEqual({ returned: sent });
    }
  }, 120_000);
});
