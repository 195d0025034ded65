import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import { createCluster, WEB } from './bed/cluster.ts';
import { nodeOf, untilReady } from './bed/installation.ts';
import { LARGE, LARGE_COUNT, type NameServer, startNameServer } from './bed/name-server.ts';
import { describeDatapath } from './bed/requirements.ts';
import { addHost } from './bed/underlay.ts';
import { createVlan } from './bed/vlan.ts';
import { ask, askers, ASKING, BY_VLAN, GATEWAY, lookUp, OUTSIDE, prepare, RECORDS, strays } from './names.ts';
import { createTunnelCluster, dismantle, installTunnel, type TunnelForm, WIREGUARD } from './tunnels.ts';

/** A name server on the internet, which is reached by the cluster's network. */
const PUBLIC = { IPv4: '203.0.113.53', IPv6: '2001:db8::53' };

describeDatapath('names are asked', () => {
  it('of the resolver at the gateway, which asks those outside by way of the egress and no other', async () => {
    using cluster = createCluster();
    const vlan = createVlan(cluster);
    using server = startNameServer(vlan.server, cluster.directory, RECORDS);
    const scene = await prepare(cluster, { ...ASKING, ...BY_VLAN });
    const { client } = scene;
    expect(client.exec(['cat', '/etc/resolv.conf']).output).toContain(
      GATEWAY.map((at) => `nameserver ${at}\n`).join(''),
    );

    expect(lookUp(client, OUTSIDE.name)).toEqual(OUTSIDE.addresses);
    for (const name of ['web', 'web.apps', WEB.name]) expect(lookUp(client, name)).toEqual(WEB.addresses.toSorted());
    expect(lookUp(client, LARGE)).toHaveLength(LARGE_COUNT);
    for (const address of GATEWAY) {
      expect(ask(client.namespace, OUTSIDE.name, address).answer).toContain(OUTSIDE.addresses[0]);
      expect(ask(client.namespace, WEB.name, address).answer).toContain(WEB.addresses[0]);
    }
    expect(askers([server]).filter((address) => !['10.99.0.11', 'fd00:99::11'].includes(address))).toEqual([]);
    expect(server.questions().map(({ name }) => name)).toContain(OUTSIDE.name);
    expect(server.questions().filter(({ name }) => !name.endsWith('.example'))).toEqual([]);
    expect(strays(scene)).toBe(0);
  });

  it('of it by clients alone', async () => {
    using cluster = createCluster();
    const vlan = createVlan(cluster);
    using _ = startNameServer(vlan.server, cluster.directory, RECORDS);
    const { router, client } = await prepare(cluster, { ...ASKING, ...BY_VLAN });
    const [IPv4 = '', IPv6 = ''] = router.sandbox?.addresses ?? [];
    const host = nodeOf(cluster, 2).namespace;
    run(host, `ip route add 192.168.50.1 via ${IPv4}; ip route add fd00:50::1 via ${IPv6}`);
    for (const [asker, addresses] of [
      [host, [IPv4, IPv6, ...GATEWAY]],
      [cluster.web.namespace, [IPv4, IPv6, ...GATEWAY]],
      [vlan.attacker, ['10.99.0.11', 'fd00:99::11']],
    ] as const) {
      for (const address of addresses) expect(ask(asker, OUTSIDE.name, address).answer).not.toContain('198.51.100.7');
    }
    expect(lookUp(client, OUTSIDE.name)).toEqual(OUTSIDE.addresses);
  });

  it('by way of the egress or not at all, and what cannot be asked is answered at once', async () => {
    using cluster = createCluster();
    const vlan = createVlan(cluster);
    using server = startNameServer(vlan.server, cluster.directory, RECORDS);
    const scene = await prepare(cluster, { ...ASKING, ...BY_VLAN });
    const { client, router } = scene;
    expect(lookUp(client, OUTSIDE.name)).toEqual(OUTSIDE.addresses);

    run(router.namespace, 'ip link del net2');
    const gone = GATEWAY.map((address) => ask(client.namespace, 'gone.example', address));
    for (const { answer, took } of gone) {
      expect(answer).toMatch(/REFUSED|SERVFAIL/);
      expect(took).toBeLessThan(500);
    }
    expect(lookUp(client, 'web')).toEqual(WEB.addresses.toSorted());
    expect(server.questions().map(({ name }) => name)).not.toContain('gone.example');
    expect(strays(scene)).toBe(0);
  });

  it('by no other way even where the routes of the router would let them', async () => {
    using cluster = createCluster();
    const vlan = createVlan(cluster);
    using _ = startNameServer(vlan.server, cluster.directory, RECORDS);
    const scene = await prepare(cluster, { ...ASKING, ...BY_VLAN });
    const { client, router } = scene;
    await router.kill('SIGKILL', 'router');
    run(
      router.namespace,
      'for family in 4 6; do for priority in 95 96; do while ip -$family rule del priority $priority 2>/dev/null; do :; done; done; done',
    );
    expect(lookUp(client, OUTSIDE.name)).toEqual([]);
    expect(run(router.namespace, 'nft list chain inet gateway output')).toMatch(/counter packets [1-9]/);
    router.restart('router');
    await eventually(() => expect(lookUp(client, OUTSIDE.name)).toEqual(OUTSIDE.addresses));
    expect(strays(scene)).toBe(0);
  });

  it('inside a tunnel alone, be it up or not, also of a private address', async () => {
    using cluster = createTunnelCluster();
    const inside = '10.64.0.1';
    let server: NameServer | undefined;
    const form: TunnelForm = {
      ...WIREGUARD,
      createServer: (host) => {
        run(host.namespace, `ip addr add ${inside}/32 dev lo`);
        server = startNameServer(host.namespace, cluster.directory, RECORDS);
        return WIREGUARD.createServer(host);
      },
    };
    const scene = await installTunnel(cluster, form, { ...ASKING, 'gateway.dns': { upstreams: [inside] } });
    using names = server as unknown as NameServer;
    cluster.dns.write([`${WEB.addresses[0]} ${WEB.name}`]);
    const client = scene.clients[1]?.namespace ?? '';
    for (const address of GATEWAY) expect(ask(client, 'early.example', address).answer).not.toContain('198.51.100');

    scene.server.start();
    await untilReady([scene.router()]);
    for (const address of GATEWAY) {
      expect(ask(client, OUTSIDE.name, address).answer).toContain(OUTSIDE.addresses[0]);
      expect(ask(client, WEB.name, address).answer).toContain(WEB.addresses[0]);
    }
    const [, tunnelAddress] = /Address = ([\d.]+)/.exec(scene.server.clients[0] ?? '') ?? [];
    expect(askers([names])).toEqual([tunnelAddress]);

    await scene.router().kill('SIGKILL', 'wireguard');
    run(scene.router().namespace, 'ip link del wg0 2>/dev/null || true');
    const { answer, took } = ask(client, 'gone.example', String(GATEWAY[0]));
    expect(answer).toMatch(/REFUSED|SERVFAIL/);
    expect(took).toBeLessThan(500);
    // Not even where nothing is left of the routes.
    await dismantle(scene, [
      'for priority in 95 96; do while ip rule del priority $priority 2>/dev/null; do :; done; done',
    ]);
    expect(ask(client, 'lost.example', String(GATEWAY[0])).answer).not.toContain('198.51.100');
    expect(run(scene.router().namespace, 'nft list chain inet gateway output')).toMatch(
      new RegExp(`daddr ${inside.replaceAll('.', '\\.')} udp dport 53 counter packets [1-9]`),
    );
    expect(askers([names])).toEqual([tunnelAddress]);
    expect(names.questions().filter(({ name }) => /gone|lost/.test(name))).toEqual([]);
    expect(scene.outside()).toEqual({});
  });

  it('of name servers by way of the cluster network where that is the egress', async () => {
    using cluster = createCluster({ upstreams: [PUBLIC.IPv4] });
    const host = addHost(cluster.underlay.fabric, 1500, 'names', PUBLIC);
    using server = startNameServer(host, cluster.directory, RECORDS);
    const scene = await prepare(cluster, { ...ASKING, 'gateway.dns': { upstreams: [PUBLIC.IPv4, PUBLIC.IPv6] } });
    expect(lookUp(scene.client, OUTSIDE.name)).toEqual(OUTSIDE.addresses);
    expect(lookUp(scene.client, 'web')).toEqual(WEB.addresses.toSorted());
    const others = cluster.nodes.filter(({ number }) => number !== 2).map(({ addresses }) => addresses.IPv4);
    expect(askers([server])).not.toEqual([]);
    expect(askers([server])).not.toEqual(expect.arrayContaining(others));
  });

  it('of the cluster with `dns: Cluster`, and then around the gateway', async () => {
    using cluster = createCluster({ upstreams: [PUBLIC.IPv4] });
    createVlan(cluster);
    const host = addHost(cluster.underlay.fabric, 1500, 'names', PUBLIC);
    using server = startNameServer(host, cluster.directory, RECORDS);
    const scene = await prepare(cluster, BY_VLAN);
    expect(lookUp(scene.client, OUTSIDE.name)).toEqual(OUTSIDE.addresses);
    expect(server.questions().map(({ name }) => name)).toContain(OUTSIDE.name);
    expect(strays(scene)).toBeGreaterThan(0);
  });
});

/** The name of a process, unless it has ended. */
function nameOf(pid: number): string | undefined {
  const file = `/proc/${pid}/comm`;
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

describeDatapath('the resolver', () => {
  it('can do nothing but listen, and comes back when it ends', async () => {
    using cluster = createCluster();
    const vlan = createVlan(cluster);
    using _ = startNameServer(vlan.server, cluster.directory, RECORDS);
    const { router, client } = await prepare(cluster, { ...ASKING, ...BY_VLAN });
    const find = (): number => {
      const named = router.processes().filter((pid) => nameOf(pid) === 'dnsmasq\n');
      expect(named).toHaveLength(1);
      return Number(named[0]);
    };
    const status = readFileSync(`/proc/${find()}/status`, 'utf8');
    // CAP_NET_BIND_SERVICE is bit 10 (linux/capability.h).
    for (const set of ['CapPrm', 'CapEff', 'CapBnd'])
      expect(status).toMatch(new RegExp(`^${set}:\\s0000000000000400$`, 'm'));

    process.kill(find(), 'SIGKILL');
    await eventually(() => expect(lookUp(client, OUTSIDE.name)).toEqual(OUTSIDE.addresses));
    await router.kill('SIGKILL', 'resolver');
    expect(lookUp(client, OUTSIDE.name)).toEqual([]);
    router.restart('resolver');
    await eventually(() => expect(router.probe().status).toBe(0));
    expect(lookUp(client, OUTSIDE.name)).toEqual(OUTSIDE.addresses);
  });
});
