import { mkdtempSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import { startContainer } from './image/container.ts';
import { type Client, startClient } from './bed/client.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import type { Installation } from './bed/installation.ts';
import type { Pod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';
import { createVlan } from './bed/vlan.ts';
import { GATEWAY, master, outages, prepareRouters, trafficWhile } from './failover.ts';

/** The own addresses of the routers of the example. */
const ROUTERS = ['192.168.50.2', '192.168.50.3'];

/** A client that has brought a program of the node image, and the powers of root over its own network. */
function startImpostor({ rootfs, directory }: Cluster, { namespace }: Client, command: string, config: string): void {
  const folder = mkdtempSync(`${directory}/impostor-`);
  writeFileSync(`${folder}/config`, config);
  startContainer({
    name: 'impostor',
    rootfs,
    networkNamespace: namespace,
    args: ['sh', '-c', command],
    mounts: [{ source: folder, destination: '/mnt' }],
    security: { capabilities: { add: ['NET_ADMIN'] } },
  });
}

/** A keepalived that wants to be master more than any router, and says so to both. */
function claim(cluster: Cluster, client: Client, source: string): void {
  const config = `global_defs {
  vrrp_version 3
}
vrrp_instance gateway {
  interface net1
  virtual_router_id 1
  state MASTER
  priority 254
  advert_int 0.3
  unicast_src_ip ${source}
  unicast_peer {
${ROUTERS.filter((router) => router !== source)
  .map((router) => `    ${router}\n`)
  .join('')}  }
  virtual_ipaddress {
    ${GATEWAY[0]}/24 dev net1
  }
  virtual_ipaddress_excluded {
    ${GATEWAY[1]}/128 dev net1
  }
}
`;
  startImpostor(cluster, client, 'exec keepalived -n -l -P -f /mnt/config', config);
}

/** A conntrackd that asks a router for its connections and tells it of others. */
function tell(cluster: Cluster, client: Client, own: string): void {
  const config = `Sync {
  Mode FTFW {
    StartupResync Yes
  }
  UDP {
    IPv4_address ${own}
    IPv4_Destination_Address ${ROUTERS[0]}
    Port 3780
    Interface net1
  }
}
General {
  LockFile /mnt/lock
  UNIX {
    Path /mnt/ctl
  }
}
`;
  startImpostor(cluster, client, 'exec conntrackd -C /mnt/config', config);
}

/** How many packets a rule with this comment has dropped, by the tables of a namespace. */
function dropped({ namespace }: Pick<Pod, 'namespace'>, comment: string): number {
  const counters = run(namespace, 'nft list ruleset').matchAll(/counter packets (\d+) .*comment "(.*)"/g);
  return [...counters].filter(([, , text]) => text === comment).reduce((sum, [, count]) => sum + Number(count), 0);
}

const SERVES_NOTHING = 'to-router';

async function prepare(
  cluster: Cluster,
  name = 'ha-vrrp',
): Promise<{ scene: Installation; honest: Client; impostor: Client }> {
  const scene = await prepareRouters(cluster, name);
  return { scene, honest: startClient(scene, 3), impostor: startClient(scene, 3) };
}

describeDatapath('a client that acts as a router', () => {
  it('does not become master by saying so', async () => {
    using cluster = createCluster({ nodes: 3 });
    const { scene, honest, impostor } = await prepare(cluster);
    const before = master(scene.routers);
    const counts = scene.routers.map((router) => dropped(router, SERVES_NOTHING));
    const { reports, moment } = await trafficWhile(
      [honest],
      async () => {
        claim(cluster, impostor, impostor.networkAddresses[0] ?? '');
        // Some three adverts a second to each router.
        await eventually(() => {
          for (const [index, router] of scene.routers.entries()) {
            expect(dropped(router, SERVES_NOTHING) - (counts[index] ?? 0)).toBeGreaterThan(10);
          }
        });
      },
      1500,
    );
    expect(master(scene.routers)).toBe(before);
    expect(outages(reports, moment)).toEqual({ udp: 0, tcp: 0 });
    expect(dropped(impostor.node, 'spoofed-arp-address')).toBeGreaterThan(0);
    expect(dropped(impostor.node, 'spoofed-source')).toBeGreaterThan(0);
  });

  it('does not become master in the name of a router', async () => {
    using cluster = createCluster({ nodes: 3 });
    const { scene, honest, impostor } = await prepare(cluster);
    const before = master(scene.routers);
    const [, name = ''] = ROUTERS;
    const { reports, moment } = await trafficWhile(
      [honest],
      async () => {
        run(impostor.namespace, `ip addr add ${name}/24 dev net1`);
        // It cannot find the router, since nobody answers who asks in that name.
        const mac = /ether (\S+)/.exec(run(before.namespace, 'ip link show net1'))?.[1] ?? '';
        run(impostor.namespace, `ip neigh replace ${ROUTERS[0]} lladdr ${mac} dev net1 nud permanent`);
        claim(cluster, impostor, name);
        const comment = 'spoofed-source';
        await eventually(() => expect(dropped(impostor.node, comment)).toBeGreaterThan(10));
      },
      1500,
    );
    expect(master(scene.routers)).toBe(before);
    expect(outages(reports, moment)).toEqual({ udp: 0, tcp: 0 });
  });

  it('is not told of connections', async () => {
    using cluster = createCluster({ nodes: 3 });
    createVlan(cluster);
    const { scene, impostor } = await prepare(cluster, 'ha-vlan-conntrack');
    const [router] = scene.routers;
    const before = dropped(router as Pod, SERVES_NOTHING);
    tell(cluster, impostor, impostor.networkAddresses[0] ?? '');
    await eventually(() => expect(dropped(router as Pod, SERVES_NOTHING)).toBeGreaterThan(before));
  });
});
