import { expect, it } from 'vitest';
import { createNamespace, run, signal, tryRun } from './namespace.ts';
import { attachPod, createNode } from './node.ts';
import { type Program, start, untilReady, type Values } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

/** Two nodes on one underlay, both ready. */
async function createNodes(values: Values): Promise<[Program, Program]> {
  const wire = createNamespace();
  run(wire, 'ip link add wire type bridge mcast_snooping 0 && ip link set wire up');
  const create = (host: number) => {
    const node = createNode(values, host, { INTERVAL: '60' });
    run(node.namespace, `ip link set fabric netns ${wire} name node${host}`);
    run(wire, `ip link set node${host} master wire up`);
    return node;
  };
  const nodes: [Program, Program] = [create(11), create(12)];
  const agents = nodes.map(start);
  for (const agent of agents) await untilReady(agent);
  return nodes;
}

const UNDERLAYS: readonly [string, Values][] = [
  ['unicast over IPv4', { MTU: 1450 }],
  ['unicast over IPv6', { MTU: 1430, UNDERLAY_FAMILY: 'IPv6', PEERS: 'fd00:18::11 fd00:18::12' }],
  ['multicast', { MTU: 1450, FLOODING: 'Multicast', GROUP: '239.1.1.1', TTL: 1, PEERS: undefined }],
];

describeInNamespaces('two nodes carry what their pods send each other by', () => {
  it.each(UNDERLAYS)('%s, up to the MTU and not a byte more', async (_, values) => {
    const [one, other] = await createNodes(values);
    const client = attachPod(one, '192.168.50.20/24');
    const router = attachPod(other, '192.168.50.1/24');
    for (const pod of [client, router]) run(pod, `ip link set net1 mtu ${values['MTU']}`);
    const ping = (bytes: number) => tryRun(client, `ping -n -c 2 -i 0.2 -W 1 -M do -s ${bytes - 28} 192.168.50.1`);
    expect(ping(Number(values['MTU']))).toContain(' 0% packet loss');
    expect(ping(Number(values['MTU']) + 1)).toBeUndefined();
  });

  it('unicast, while the agents of both are killed', async () => {
    const [one, other] = await createNodes({});
    const client = attachPod(one, '192.168.50.20/24');
    attachPod(other, '192.168.50.1/24');
    for (const { namespace } of [one, other]) signal(namespace, 'SIGKILL');
    expect(tryRun(client, 'ping -n -c 3 -i 0.2 -W 1 192.168.50.1')).toContain(' 0% packet loss');
  });

  it('unicast, and neither node answers its own pods', async () => {
    const [one] = await createNodes({});
    const client = attachPod(one, '192.168.50.20/24');
    run(one.namespace, 'ip addr add 192.168.50.77/32 dev lo');
    expect(tryRun(client, 'ping -n -c 1 -W 1 192.168.50.77')).toBeUndefined();
  });
});
