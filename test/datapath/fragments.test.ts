import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createCluster } from './bed/cluster.ts';
import { countIncoming } from './bed/counter.ts';
import { packets, startSending, vxlan } from './bed/datagrams.ts';
import { nodeOf } from './bed/installation.ts';
import { createSandbox } from './bed/node.ts';
import { describeDatapath } from './bed/requirements.ts';
import { claims, MARK, PORT, prepare, type Scene, VNI } from './strangers.ts';
import { run } from '../agent/namespace.ts';

/** A port where nothing listens, and a network that is not there. */
const ELSEWHERE = { port: 9, vni: 999 };
/** The first fragment is the UDP header alone: it has the port and no VNI. */
const CUT = 8;

/** Packets that a pod has sent, by two fragments each, as the kernel of its node sends them on. */
function fragments(scene: Scene, from: string, to: string, { port, vni }: { port: number; vni: number }) {
  const [router] = scene.routers;
  const mac = /link\/ether (\S+)/.exec(run(router?.namespace ?? '', 'ip link show net1'))?.[1] ?? '';
  const [frame = Buffer.alloc(0)] = scene.clients.slice(0, 1).flatMap((client) => claims(client, mac));
  return packets({ from, to, port, payload: vxlan(vni, frame) }, { cuts: [CUT], unsummed: true });
}

describeDatapath('fragments of different pods', () => {
  it('are not put together to a packet of the network', async () => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepare(cluster, 'multi-node');
    const [one, two] = [nodeOf(cluster, 1), nodeOf(cluster, 2)];
    const [near, left, right] = [one, two, two].map((node, index) =>
      createSandbox(node, { name: `mallory-${index}`, kubernetesNamespace: 'other' }),
    );
    if (!near || !left || !right) throw new Error('no pods');
    const [client] = scene.clients;
    const target = one.addresses.IPv4;
    const head = fragments(scene, two.addresses.IPv4, target, { port: PORT, vni: VNI }).slice(0, 1);
    const heads = fragments(scene, left.addresses[0], target, { port: PORT, vni: ELSEWHERE.vni });
    const tails = fragments(scene, right.addresses[0], target, { port: ELSEWHERE.port, vni: VNI });

    const attacks = [
      ['one is sent with the address of a node, and the other by that node', near, head],
      ['both leave a node that gives them its address, and are mixed up', left, repeated(heads)],
    ] as const;
    for (const [title, { namespace }, list] of attacks) {
      const arrived = countIncoming(client?.namespace ?? '', 'net1', { matches: [`udp dport ${MARK}`] });
      using _ = startSending(namespace, list);
      using __ = startSending(right.namespace, repeated(tails));
      await setTimeout(2000);
      expect.soft(arrived(), title).toBe(0);
    }
  });
});

function repeated(list: readonly Buffer[]): readonly Buffer[] {
  return Array.from({ length: 500 }, () => list).flat();
}
