import { expect, it } from 'vitest';
import { run, signal, tryRun } from './namespace.ts';
import { attachPod, overlay, type Values } from './node.ts';
import { describeInNamespaces } from './requirements.ts';
import { createNodes } from './two-nodes.ts';

const UNDERLAYS: readonly [string, Values][] = [
  ['unicast over IPv4', { mtu: 1450 }],
  ['unicast over IPv6', { mtu: 1430, ...overlay({ family: 'IPv6' }), peers: ['fd00:18::11', 'fd00:18::12'] }],
  [
    'multicast',
    { mtu: 1450, ...overlay({ flooding: { type: 'Multicast', group: '239.1.1.1' } }), ttl: 1, peers: undefined },
  ],
];

describeInNamespaces('two nodes carry what their pods send each other by', () => {
  it.each(UNDERLAYS)('%s, up to the MTU and not a byte more', async (_, values) => {
    const [one, other] = await createNodes(values);
    const client = attachPod(one, '192.168.50.20/24');
    const router = attachPod(other, '192.168.50.1/24');
    for (const pod of [client, router]) run(pod, `ip link set net1 mtu ${values.mtu}`);
    const ping = (bytes: number) => tryRun(client, `ping -n -c 2 -i 0.2 -W 1 -M do -s ${bytes - 28} 192.168.50.1`);
    expect(ping(Number(values.mtu))).toContain(' 0% packet loss');
    expect(ping(Number(values.mtu) + 1)).toBeUndefined();
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
